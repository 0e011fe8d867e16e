/** The command cannot be carried out as given: an unknown test, a seed that isn't one, no target. The message is for the person who typed it. */
export class UsageError extends Error {
	override name = "UsageError";
}
