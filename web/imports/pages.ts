/** The pages of imports: fetched when the first of them is opened. */
import './allo-import.ts';
import './allo-imports.ts';
