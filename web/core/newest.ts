/**
 * One list may be asked for twice before the first answer is there, and answers overtake one another. Each question calls what this gives, and takes
 * its answer only while `mine()` says that nothing was asked after it.
 */
export const newestAsked = (): (() => () => boolean) => {
  let asked = 0;
  return () => {
    const mine = ++asked;
    return () => mine === asked;
  };
};
