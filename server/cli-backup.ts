import { copyFileSync, existsSync } from 'node:fs';
import { backup, restore } from './core/backup.ts';
import { openDb } from './core/db.ts';
import type { Config } from './config.ts';

type Say = (text: string) => void;

export const runBackup = async ({ databaseUrl }: Config, file: string, say: Say): Promise<void> => {
  const db = openDb(databaseUrl);
  try {
    await backup(db, file);
    say(`written: ${file}. The secrets in it open only with this SECRETS_KEY: keep it, apart from the backup.`);
  } finally {
    await db.destroy();
  }
};

export const runRestore = async ({ databaseUrl }: Config, file: string, say: Say): Promise<void> => {
  if (!existsSync(file)) throw new Error(`there is no ${file}`);
  if (file.endsWith('.db')) {
    const path = databaseUrl.replace(/^sqlite:/, '');
    if (path === databaseUrl)
      throw new Error('a .db file is a SQLite database: DATABASE_URL must be sqlite:PATH. Other engines take the .jsonl.gz form.');
    if (existsSync(path)) throw new Error(`${path} is there already: restore into a new one (DATABASE_URL)`);
    copyFileSync(file, path);
    return say(`restored: ${path}`);
  }
  const db = openDb(databaseUrl);
  try {
    say(`restored: ${await restore(db, file)} rows`);
  } finally {
    await db.destroy();
  }
};
