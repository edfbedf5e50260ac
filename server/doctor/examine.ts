import type { PbxInspection } from '../../cti/index.ts';
import type { Config, PbxConfig } from '../config.ts';
import { checkAccount } from './account.ts';
import { checkDatabase } from './database.ts';
import type { DatabaseInspection } from './database-facts.ts';
import { edit, error, ok, reload } from './finding.ts';
import type { Ward } from './finding.ts';
import { checkExits } from './exits.ts';
import { checkJournal } from './journal.ts';
import { checkMachine } from './machine.ts';
import type { RedisFacts } from './machine.ts';
import { checkModules } from './modules.ts';
import { checkPhones } from './phones.ts';
import { checkPlant } from './plant.ts';
import type { SpoolFacts } from './spool.ts';

/** Everything that was collected, before it is judged. */
export interface Collected {
  readonly config: Config;
  readonly node: string;
  readonly redis: RedisFacts | null;
  readonly database: DatabaseInspection;
  readonly pbxs: readonly { readonly pbx: PbxConfig; readonly found: PbxInspection; readonly spool: SpoolFacts | null }[];
}

/** Pure: the same facts, the same findings. */
export const examine = ({ config, node, redis, database, pbxs }: Collected): Ward[] => [
  { name: 'program', findings: checkMachine(node, config, redis) },
  { name: 'database', findings: checkDatabase(database) },
  ...pbxs.map(({ pbx, found, spool }) => ({ name: pbx.name, findings: checkPbx(pbx, found, spool, database) })),
];

const checkPbx = (pbx: PbxConfig, found: PbxInspection, spool: SpoolFacts | null, database: DatabaseInspection): Ward['findings'] => {
  if (!found.reached) {
    const lines = ['secret = …', 'read = system,call,agent,user,reporting,cdr', 'write = system,call,agent,originate,reporting'];
    const refused = found.reason.startsWith('login refused');
    const fix = refused
      ? edit('manager.conf', pbx.user, { add: [...lines, 'writetimeout = 5000'], then: reload('manager reload') })
      : edit('manager.conf', 'general', { add: ['enabled = yes', `port = ${pbx.port}`], then: reload('module reload manager') });
    return [error('connection', { params: { reason: found.reason }, fix })];
  }
  const { facts } = found;
  const browsers = pbx.sipUrl !== null;
  return [
    ok('connection'),
    ...checkAccount(facts, pbx),
    ...checkPlant(facts, browsers),
    ...checkExits(facts),
    ...checkModules(facts, browsers),
    ...checkPhones(facts, pbx.name, database.reached ? database.facts.extensions : []),
    ...checkJournal(facts, pbx.spool, spool),
  ];
};
