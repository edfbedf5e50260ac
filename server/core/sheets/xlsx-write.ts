import { AsyncZipDeflate, Zip, ZipPassThrough, strToU8 } from 'fflate';
import { xmlText } from './guard.ts';
import type { Sheet } from './write.ts';

/** The parts of a workbook with one sheet; every cell is text, so that no spreadsheet evaluates one. */
const PARTS = {
  '[Content_Types].xml': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
  '_rels/.rels': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="clients" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
};
const OPEN = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`;
const CLOSE = '</sheetData></worksheet>';

/** What a sheet holds: a spreadsheet opens no more. */
const MOST_ROWS = 1_048_576;
const MOST_CELL = 32_767;
/** Rows a chunk of the compressor. */
const CHUNK = 500;

const rowXml = (cells: readonly string[]): string =>
  `<row>${cells.map((cell) => `<c t="inlineStr"><is><t xml:space="preserve">${xmlText([...cell].slice(0, MOST_CELL).join(''))}</t></is></c>`).join('')}</row>`;

export async function* writeXlsx({ columns, rows }: Sheet): AsyncIterable<Buffer> {
  const ready: Buffer[] = [];
  const state: { failed: Error | null; wake: (() => void) | null; done: boolean } = { failed: null, wake: null, done: false };
  const zip = new Zip((err, data, final) => {
    if (err) state.failed = err;
    else ready.push(Buffer.from(data));
    state.done ||= final;
    state.wake?.();
  });
  for (const [name, text] of Object.entries(PARTS)) {
    const part = new ZipPassThrough(name);
    zip.add(part);
    part.push(strToU8(text), true);
  }
  const sheet = new AsyncZipDeflate('xl/worksheets/sheet1.xml', { level: 3 });
  zip.add(sheet);
  let text = OPEN + rowXml(columns.map(({ label }) => label));
  let count = 1;
  for await (const row of rows) {
    if (++count > MOST_ROWS) break;
    text += rowXml(row);
    if (count % CHUNK !== 0) continue;
    sheet.push(strToU8(text));
    text = '';
    yield* ready.splice(0);
  }
  sheet.push(strToU8(text + CLOSE), true);
  zip.end();
  while (!state.done || ready.length > 0) {
    if (state.failed) throw state.failed;
    yield* ready.splice(0);
    if (!state.done) await new Promise<void>((resolve) => (state.wake = resolve));
  }
}
