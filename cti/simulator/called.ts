import type { CallOrder, Plant } from './plant.ts';
import { TRUNK } from './plant.ts';
import { snapshot } from './switchboard.ts';
import type { Cause, Channel } from './switchboard.ts';

/** Somebody outside is called for a campaign, or back: then the one who asked goes before everybody in the queue. */
export interface CampaignCall {
  readonly number: string;
  readonly name: string;
  readonly back: boolean;
  readonly channelId: string;
  readonly timeoutMs: number;
  /** How long whoever answers waits for an operator. */
  readonly waitMs: number;
  /** Who lifts is judged: one in so many is a machine, by the number's last digit. */
  readonly amd: boolean;
  /** `reason`: 3 rang in vain, 4 answered, 5 busy, 0 hung up. */
  readonly done: (channel: Channel, answered: boolean, reason: number) => void;
}

/** AMD takes its time. */
const AMD_MS = 1_200;
const MACHINE = /7$/;

/** The people outside whom the dialler calls: some answer, and are put into the queue, some are busy, the rest lets it ring. */
export function createCalled(plant: Plant, join: (leg: Channel, order: CallOrder) => void) {
  const { board, behaviour, random } = plant;
  return ({ number, name, back, channelId, timeoutMs, waitMs, amd, done }: CampaignCall): void => {
    const timers = plant.timers.group();
    const leg = board.open({
      endpoint: TRUNK,
      context: back ? 'allo-called-back' : 'allo-campaign',
      exten: 's',
      uniqueid: channelId || undefined,
      callerNum: number,
      callerName: '',
    });
    const dialled = `${number}@${TRUNK}`;
    board.dialBegin(null, leg, dialled);
    const failed = (status: 'BUSY' | 'NOANSWER', cause: Cause, reason: number) => {
      timers.clear();
      board.dialEnd(null, leg, status);
      done(leg, false, reason);
      board.close(leg, cause);
    };
    leg.hungUp = () => failed('NOANSWER', 'unknown', 0);
    board.setState(leg, 5);
    board.dialState(null, leg);
    const draw = random.between([0, 1]);
    const rings = random.between(behaviour.customerRingsMs);
    timers.after(timeoutMs, () => failed('NOANSWER', 'no-answer', 3));
    if (draw < behaviour.customerAnswers)
      timers.after(rings, () => {
        timers.clear();
        board.setState(leg, 6);
        board.dialEnd(null, leg, 'ANSWER');
        done(leg, true, 4);
        leg.callerName = name;
        const enter = () => join(leg, { from: number, name, patienceMs: waitMs, ...(back ? { first: true } : { answersItself: true }) });
        if (!amd) return enter();
        const spared = plant.timers.after(AMD_MS, () => {
          const machine = MACHINE.test(number);
          plant.emit('UserEvent', 'user', [...snapshot(leg), ['UserEvent', 'AlloAmd'], ['Status', machine ? 'MACHINE' : 'HUMAN']]);
          if (machine) board.close(leg, 'clearing');
          else enter();
        });
        leg.hungUp = () => {
          spared();
          board.close(leg, 'clearing');
        };
      });
    else if (draw < behaviour.customerAnswers + behaviour.customerBusy) timers.after(rings, () => failed('BUSY', 'busy', 5));
  };
}
