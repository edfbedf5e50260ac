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
  // the two who are left hang up at the same time, and which is told first is chance
  'conference-four': [
    'in 79000000001>7000 completed',
    'queue support 0.5-0.8 answered',
    'offer 201 support 0.5-0.8 answered',
    'talk 201 support 0.8-4.3 customer',
    'offer 202 2.1-2.4 answered',
    'talk 202 2.4-4.3 customer',
    'transfer 3.5-4.3 customer',
    'consult 201 support 4.3-4.7 agent',
    'consult 202 4.3-4.7 agent',
  ],
  // a dialling that is given up has no cause there
  'dialled-no-answer': ['out >79000000002 no-answer'],
  'click-to-call-operator-no-answer': [
    '+0.0 call.started out 201>79000000002',
    '+0.0 segment.started offer 201',
    '+3.0 segment.ended offer 201 cancelled',
    '+3.0 call.ended out 201>79000000002 abandoned',
  ],
};
