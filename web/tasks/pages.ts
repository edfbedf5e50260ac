/** The pages of tasks: fetched when the first of them is opened. */
import './allo-task.ts';
import './allo-task-list.ts';
import './allo-task-report.ts';
import './allo-unplanned.ts';
