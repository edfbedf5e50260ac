/** Every kind of job, with its data. */
export interface JobTypes {
  /** Takes a file in; does nothing when somebody is at it. */
  'imports.run': { id: number };
  /** Looks for pairs of cards that may be one client; brings what came late to merged cards where it belongs. */
  'duplicates.scan': Record<string, never>;
  /** Gives what a person has to colleagues, or takes it back; does nothing when somebody is at it. */
  'handover.run': { id: number };
  /** Reads cards anew after a typed field was changed. */
  'clients.index': Record<string, never>;
  /** Call-backs for clients who wait too long at their stage; with `rules` also moves whom the rules of the stages fit. */
  'stages.sweep': { rules: boolean };
  /** Deletes sessions that have expired. */
  'sessions.sweep': Record<string, never>;
  /** Complaints whose time runs out, promises that were not kept, hand-overs that nobody answers. */
  'complaints.sweep': Record<string, never>;
  /** Letters that become complaints, or answers. */
  'complaints.mail': Record<string, never>;
  /** Looks at the files of recordings that have ended. */
  'recordings.finish': Record<string, never>;
  /** Deletes recordings that their rule keeps no longer. */
  'recordings.expire': Record<string, never>;
  /** Sends the letters of the outbox that are due. */
  'mail.send': Record<string, never>;
  /** Forgets the bytes of what was sent long ago. */
  'mail.tidy': Record<string, never>;
  /** Brings the sums of the reports up to date with the log. */
  'reports.sweep': Record<string, never>;
  /** Sends the reports that are due by mail. */
  'reports.mail': Record<string, never>;
  /** First-call resolution of what has closed; the last days compared with the log. Does nothing more than once a night. */
  'reports.night': Record<string, never>;
}
