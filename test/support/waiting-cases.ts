/** Callers who wait: test/stack/traces/waiting.ts. As in cases.ts. */
export const WAITING: Readonly<Record<string, readonly string[]>> = {
  'member-local-n-busy': [
    'in 79000000001>7000 completed',
    'queue support 0.5-1.3 answered',
    'offer 201 support 0.5-1.0 busy',
    'offer 202 support 1.0-1.3 answered',
    'talk 202 support 1.3-2.1 customer',
  ],
  'member-local-ring-all': [
    'in 79000000001>7001 completed',
    'queue sales 0.5-1.1 answered',
    'offer 201 sales 0.5-1.1 elsewhere',
    'offer 202 sales 0.5-1.1 answered',
    'talk 202 sales 1.1-2.1 customer',
  ],
  'queue-abandoned-announcement': [
    'in 79000000001>7008 abandoned',
    'queue announced 0.5-32.2 abandoned',
    'offer 201 announced 0.5-1.0 answered',
  ],
  'queue-abandoned-second-ring': [
    'in 79000000001>7000 abandoned',
    'queue support 0.5-6.0 abandoned',
    'offer 201 support 0.5-3.5 no-answer',
    'offer 202 support 4.5-6.0 cancelled',
  ],
  'queue-announcement-hung-up': [
    'in 79000000001>7008 abandoned',
    'queue announced 0.5-2.2 abandoned',
    'offer 201 announced 0.5-1.0 answered',
  ],
  'queue-call-back-asked': ['in 79000000001>7009 no-answer', 'queue patient 0.5-1.5 call-back'],
  'queue-full': ['in 79000000001>7005 abandoned', 'queue narrow 0.5-2.2 abandoned', 'in 79000000002>7005 no-answer'],
  'queue-join-empty': ['in 79000000001>7006 no-answer'],
  'queue-left-by-key-ringing': ['in 79000000001>7003 no-answer', 'queue keys 0.5-1.6 key', 'offer 201 keys 0.5-1.6 cancelled'],
  'queue-reject-loop': [
    'in 79000000001>7000 abandoned',
    'queue support 0.5-3.7 abandoned',
    'offer 201 support 0.5-0.8 rejected',
    'offer 201 support 1.8-2.1 rejected',
    'offer 201 support 3.1-3.4 rejected',
  ],
  'wrap-up-two-queues': [
    'in 79000000001>7000 completed',
    'queue support 0.5-0.8 answered',
    'offer 201 support 0.5-0.8 answered',
    'talk 201 support 0.8-2.1 customer',
    'in 79000000002>7001 completed',
    'queue sales 0.5-2.8 answered',
    'offer 201 sales 2.5-2.8 answered',
    'talk 201 sales 2.8-3.4 customer',
  ],
};
