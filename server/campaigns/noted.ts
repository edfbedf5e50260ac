/** A call of the log as its writer hands it over; users by id. */
export interface NotedCall {
  readonly pbx: string;
  readonly linkedid: string;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly endReason: string | null;
  readonly cause: number | null;
  readonly amd: string | null;
  readonly segments: readonly {
    readonly kind: string;
    readonly user_id: number | null;
    readonly started_at: number;
    readonly end_reason: string | null;
  }[];
}
