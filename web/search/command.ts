import type { IconName } from '../ui/icons.ts';

/** Something that can be done by typing its name into the search box. */
export interface Command {
  readonly id: string;
  readonly icon: IconName;
  readonly label: string;
  /** By what else it is found: the other language, other words. */
  readonly also: string;
  /** As the cheat sheet writes it. */
  readonly keys?: string;
  readonly run: () => void;
}
