/** The pages of complaints: fetched when the first of them is opened. */
import './allo-complaint.ts';
import './allo-complaint-actions.ts';
import './allo-complaint-reports.ts';
import './allo-complaints.ts';
