import type { Knex } from 'knex';
import type { Threshold } from './contract.ts';

interface Row {
  user_id: number;
  queue: string;
  wait_seconds: number | null;
  service_level: number | null;
}

/** For whoever has set none. */
const DEFAULTS: Threshold = { queue: '', waitSeconds: 60, serviceLevel: null };

export const listThresholds = async (db: Knex, userId: number): Promise<Threshold[]> => {
  const rows = await db<Row>('floor_thresholds').where('user_id', userId).orderBy('queue');
  const items = rows.map((row) => ({ queue: row.queue, waitSeconds: row.wait_seconds, serviceLevel: row.service_level }));
  return items.some(({ queue }) => queue === '') ? items : [DEFAULTS, ...items];
};

export const saveThreshold = async (db: Knex, userId: number, { queue, waitSeconds, serviceLevel }: Threshold): Promise<void> => {
  const row: Row = { user_id: userId, queue, wait_seconds: waitSeconds, service_level: serviceLevel };
  await db('floor_thresholds').insert(row).onConflict(['user_id', 'queue']).merge(['wait_seconds', 'service_level']);
};
