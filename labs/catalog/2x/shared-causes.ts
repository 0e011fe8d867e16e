/** What more than one scenario finds. */
export const NOT_SAVED =
	"votedFor, the term or the log is saved after the answer has left, or late in a timer, or not at all when the term stays the same.";
export const NOT_LOOKED_AGAIN =
	"A reply is used without looking whether the server is still in the term, and in the role, in which it asked.";
