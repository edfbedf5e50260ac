import type { PbxFacts } from '../../cti/index.ts';
import { file, value } from './config.ts';
import { edit, error, ok, reload } from './finding.ts';
import type { Finding } from './finding.ts';

/** The contexts into which a queue lets its callers out by a key, call-back instead of waiting among them. */

const EXTENSIONS = 'extensions.conf';
const DIALPLAN = reload('dialplan reload');
/** cti/asterisk/extensions.conf has them too. */
const KEY = /^allo-press-(\d)$/;
const CALL_BACK: Readonly<Record<string, readonly string[]>> = {
  'allo-ask-back': [
    'exten => s,1,Set(BACK=${FILTER(0-9+,${CALLERID(num)})})',
    ' same => n,GotoIf($[${LEN(${BACK})} >= 5]?known)',
    ' same => n,Read(TYPED,${CALLBACK_NUMBER},15,,2,8)',
    ' same => n,Set(BACK=${FILTER(0-9,${TYPED})})',
    ' same => n,GotoIf($[${LEN(${BACK})} < 5]?none)',
    ' same => n,Set(CALLERID(num)=${BACK})',
    ' same => n(known),UserEvent(AlloQueueEnd,Status: CALLBACK)',
    ' same => n,CELGenUserEvent(ALLO_CALL_BACK,ALLO_CALL_BACK)',
    ' same => n,Playback(${CALLBACK_THANKS})',
    ' same => n,Hangup()',
    ' same => n(none),UserEvent(AlloQueueEnd,Status: KEY)',
    ' same => n,GotoIf($["${QUEUENAME}" != ""]?allo-queue,${QUEUENAME},1)',
    ' same => n,Hangup()',
  ],
  'allo-called-back': [
    'exten => s,1,Set(CALLERID(all)="${DIAL_NAME}" <${DIAL_NUMBER}>)',
    ' same => n,Set(QUEUE_PRIO=50)',
    ' same => n,Queue(${DIAL_QUEUE},tb(allo-header^s^1),,,${DIAL_WAIT})',
    ' same => n,UserEvent(AlloQueueEnd,Status: ${QUEUESTATUS})',
    ' same => n,Hangup()',
  ],
};

export const checkExits = (facts: PbxFacts): Finding[] => {
  const config = file(facts, 'queues.conf');
  if (!config || !facts.dialplan) return [];
  const known = new Set(facts.dialplan.map(({ context }) => context));
  const exits = config.flatMap((queue) => {
    const context = queue.name === 'general' ? null : value(queue, 'context');
    return context ? [{ queue: queue.name, context }] : [];
  });
  const shut = exits.filter(({ context }) => !known.has(context));
  const offered = exits.filter(({ context }) => KEY.test(context));
  const missing = offered.length === 0 ? [] : Object.keys(CALL_BACK).filter((context) => !known.has(context));
  const names = (some: typeof exits) => some.map(({ queue }) => queue).join(', ');
  const lines = (context: string): string[] => {
    const [, key] = KEY.exec(context) ?? [];
    // of another's context only its name is known: where the key leads is for its owner to say
    return [`exten => ${key ?? '1'},1,${key ? 'Goto(allo-ask-back,s,1)' : 'Goto(…)'}`];
  };
  return [
    shut.length === 0
      ? ok('queue-context')
      : error('queue-context', {
          params: { queues: names(shut), contexts: [...new Set(shut.map(({ context }) => context))].join(', ') },
          fix: [...new Set(shut.map(({ context }) => context))].map((context) =>
            edit(EXTENSIONS, context, { add: lines(context), then: DIALPLAN }),
          ),
        }),
    missing.length === 0
      ? ok('queue-call-back')
      : error('queue-call-back', {
          params: { queues: names(offered), contexts: missing.join(', ') },
          fix: missing.map((context) => edit(EXTENSIONS, context, { add: CALL_BACK[context]!, then: DIALPLAN })),
        }),
  ];
};
