/**
 * The version of a journal's form: raised when a reader of an older journal could misread a newer one. It stands apart from the schema, whose library
 * making a journal does not need.
 */
export const JOURNAL_FORMAT = 1;
