/** Calls that machines make or hear: test/stack/traces/dialled.ts. As in cases.ts. */
export const DIALLED: Readonly<Record<string, readonly string[]>> = {
  'dialled-busy': ['out >79000000002 busy cause 17'],
  'dialled-machine': ['out >79000000002 no-answer cause 16 amd machine'],
  'dialled-no-answer': ['out >79000000002 no-answer cause 19'],
  'dialled-nobody-free': ['out >79000000002 no-answer cause 16 amd human', 'queue support 1.7-5.7 timeout', 'ivr 5.7-11.2 timeout'],
  'dialled-operator-free': [
    'out >79000000002 completed amd human',
    'queue support 1.7-2.0 answered',
    'offer 201 support 1.7-2.0 answered',
    'talk 201 support 2.0-3.0 customer',
  ],
  'dialled-operator-late': [
    'out >79000000002 completed amd human',
    'queue support 1.7-5.0 answered',
    'offer 201 support 4.7-5.0 answered',
    'talk 201 support 5.0-6.0 customer',
  ],
  'dialled-unassigned': ['out >79000000002 failed cause 1'],
  'fax-to-operator': ['in 79000000002>201 completed', 'offer 201 0.0-0.3 answered', 'talk 201 0.3-1.3 customer', 'ivr 1.3-2.5 abandoned'],
};
