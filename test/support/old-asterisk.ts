/** What an old Asterisk tells otherwise than the kept traces, rightly or because it says less; by the name of the trace. docs/developer.md has why. */
export const OTHERWISE: Readonly<Record<string, readonly string[]>> = {
  'atxfer-refused': [
    'in 79000000001>7000 completed',
    'queue support 0.5-0.8 answered',
    'offer 201 support 0.5-0.8 answered',
    'talk 201 support 0.8-3.9 customer',
    'hold 201 1.9-2.4 agent',
    'offer 202 2.1-2.4 busy',
  ],
  'click-to-call-operator-no-answer': [
    '+0.0 call.started out 201>79000000002',
    '+0.0 segment.started offer 201',
    '+3.0 segment.ended offer 201 cancelled',
    '+3.0 call.ended out 201>79000000002 abandoned',
  ],
};
