/**
 * The version of the JSON report's form: raised when a reader of an older report could misread a newer one. It stands apart from the schema, whose library
 * a grading does not need.
 */
export const REPORT_FORMAT = 1;
