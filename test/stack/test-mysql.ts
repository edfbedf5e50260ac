import { runBin, withStack } from './vitest.ts';

/** npm run test:mysql [-- FILE...]: every server test on SQLite and on MySQL, which stands in the place of MariaDB. */
const files = process.argv.slice(2);
await withStack(['mysql', 'redis'], (stack) =>
  runBin('vitest', ['run', '--project', 'unit', ...(files.length > 0 ? files : ['test/server'])], {
    CI: 'true', // a database that is missing is a failure
    ALLO_TEST_MYSQL_URL: stack.mysqlUrl,
    ALLO_TEST_REDIS_URL: stack.redisUrl,
  }),
);
