/** What a drag of something due carries: "KIND ID". Dropped on a person or a department it becomes theirs. */
export const DUE_TYPE = 'application/x-allo-due';
