import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDb } from '../../server/core/db.ts';
import { measureBridge } from '../bench/bridge.ts';

/** The bench of the bridge at a hundredth: every call that went over the wire stands in the log, ended, once. */
test('no call is lost or double', { timeout: 120_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'allo-bridge-test-'));
  const url = `sqlite:${join(dir, 'allo.db')}`;
  const db = openDb(url);
  try {
    const figures = await measureBridge(url, db, { eventsASecond: 1_000, seconds: 3, clients: 200 });
    expect(figures).toMatchObject({ lost: 0, strange: 0 });
    expect(figures.calls).toBeGreaterThan(20);
    const calls = (await db('calls').select('end_reason', 'answered_at', 'client_id')) as Record<string, unknown>[];
    for (const call of calls) {
      expect(call.end_reason).toBe('completed');
      expect(call.answered_at).not.toBeNull();
      expect(call.client_id).not.toBeNull();
    }
    expect(await db('call_segments').whereNull('ended_at')).toEqual([]);
  } finally {
    await db.destroy();
    rmSync(dir, { recursive: true, force: true });
  }
});
