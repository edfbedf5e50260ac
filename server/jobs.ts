/** Every kind of job, with its data. */
export interface JobTypes {
  /** Deletes sessions that have expired. */
  'sessions.sweep': Record<string, never>;
}
