import { wellFormed } from '../core/words.ts';

/** What a file is, by its bytes; and its name made harmless. Pure. */

const SIGNS: readonly (readonly [media: string, at: number, bytes: readonly number[]])[] = [
  ['image/png', 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', 0, [0xff, 0xd8, 0xff]],
  ['image/gif', 0, [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', 8, [0x57, 0x45, 0x42, 0x50]],
  ['application/pdf', 0, [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['application/zip', 0, [0x50, 0x4b, 0x03, 0x04]],
];

/** By the first bytes; "application/octet-stream" when they say nothing that is known. */
export const mediaOf = (head: Buffer): string =>
  SIGNS.find(([, at, bytes]) => bytes.every((byte, i) => head[at + i] === byte))?.[0] ?? 'application/octet-stream';

/** A browser may show it in place: it runs nothing. An SVG may, so it is not among them. */
export const isInline = (media: string): boolean =>
  ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf'].includes(media);

/** Without folders, control characters, marks that turn the direction of writing, or a dot in front. Never empty. */
export const safeName = (name: string): string => {
  const last = wellFormed(name).split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029<>:"|?*]/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  const letters = [...clean];
  if (letters.length <= 200) return clean || 'file';
  const end = /\.[^.]{1,20}$/u.exec(clean)?.[0] ?? '';
  return letters.slice(0, 200 - [...end].length).join('') + end;
};

/** For Content-Disposition: RFC 6266, with a plain form for old readers. */
export const disposition = (name: string, inline: boolean): string => {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${inline ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encoded}`;
};
