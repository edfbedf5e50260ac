import { describe, expect, test } from 'vitest';
import { parseSettings, UNSET } from '../../softphone/devices/settings.ts';
import { answerAfter } from '../../softphone/sip/untrusted.ts';

describe('what a browser remembers of devices', () => {
  test.each([null, '', '{', '[]', '7', '"x"', 'null', '{"chosen":7,"volumes":"x","callWaiting":"yes"}'])(
    '%s is as nothing chosen',
    (text) => expect(parseSettings(text)).toEqual(UNSET),
  );

  test('what makes sense stays, the rest goes', () => {
    const chosen = { microphone: { id: 'a', label: 'Headset' }, voice: { id: '', label: 'x' }, ring: { id: 7 } };
    const volumes = { ring: 0.5, 'voice a': 2, 'ring a': -1, 'voice b': 'loud', voice: 0 };
    expect(parseSettings(JSON.stringify({ chosen, volumes, callWaiting: true, more: 1 }))).toEqual({
      chosen: { microphone: { id: 'a', label: 'Headset' }, voice: null, ring: null },
      volumes: { ring: 0.5, voice: 0 },
      callWaiting: true,
    });
  });

  test('of a thousand volumes the newest are kept', () => {
    const volumes = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`ring ${i}x`, 0.5]));
    const kept = Object.keys(parseSettings(JSON.stringify({ volumes })).volumes);
    expect(kept).toHaveLength(40);
    expect(kept.at(-1)).toBe('ring 999x');
  });
});

describe('a call that asks to be answered', () => {
  test.each([
    ['<sip:pbx>;answer-after=0', undefined, 0],
    ['<sip:pbx>; Answer-After = 2', undefined, 2],
    [undefined, '<http://x>;info=alert-autoanswer;delay=0', 0],
    [undefined, '<http://x>;info="auto-answer"', 0],
    [undefined, 'Auto;answer-after=3', 3],
    ['<sip:pbx>;answer-after=9999', undefined, 30],
  ])('%s, %s: after %i s', (callInfo, alertInfo, seconds) => expect(answerAfter(callInfo, alertInfo)).toBe(seconds));

  test.each([
    [undefined, undefined],
    ['', ''],
    ['<sip:pbx>;purpose=icon', '<http://www.example.org/ring>;info=external'],
    ['<sip:pbx>;answer-after=-1', undefined],
    ['<sip:pbx>;answer-after=', ';info=no-autoanswer'],
    [undefined, 'auto answer'],
  ])('%s, %s does not', (callInfo, alertInfo) => expect(answerAfter(callInfo, alertInfo)).toBeNull());
});
