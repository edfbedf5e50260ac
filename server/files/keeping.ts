import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Core, Deps } from '../deps.ts';
import type { FileOwner } from './contract.ts';
import { mediaOf, safeName } from './media.ts';
import { insertFile, liveFiles } from './queries.ts';
import { diskStore } from './store.ts';

/**
 * Files that come by another way than the browser. The bytes are kept first, by their hash: a process that dies before the row is written leaves bytes
 * that nobody sees, and keeping them again is the same. Nothing of them is opened.
 */
export const fileKeeping = (
  { config, now, audit }: Pick<Core, 'config' | 'now' | 'audit'>,
  owners: () => Deps['fileOwners'],
): Deps['keepFiles'] => {
  const store = diskStore(join(config.dataDir, 'files'));
  return {
    limit: config.fileLimitBytes,
    async keep(name, bytes) {
      if (bytes.length === 0 || bytes.length > config.fileLimitBytes) return null;
      const { hash, size, head } = await store.put(Readable.from([bytes]), config.fileLimitBytes);
      return { name: safeName(name), media: mediaOf(head), hash, size };
    },
    async toSend(db, owner, ids) {
      const rows = await liveFiles(db, owner, ids);
      return rows.map(({ id, name, media, size, hash }) => ({ id, name, media, size, path: store.path(hash) }));
    },
    async hang(trx, { kind, ref }: FileOwner, kept) {
      const at = now();
      const { file, added } = await insertFile(trx, { owner_kind: kind, owner_ref: ref, ...kept, user_id: null, at });
      if (!added) return;
      await owners()[kind]!.attached(trx, ref, { id: file.id, name: file.name, at, userId: null });
      await audit(trx, { actorId: null, what: 'file.added', table: 'files', rowId: file.id, details: { kind, ref, name: file.name, size: file.size } }); // prettier-ignore
    },
  };
};
