/** The submission cannot be used at all: no module, a syntax error, no make(), an import that a machine hasn't got. The message is for the student. */
export class TargetError extends Error {
	override name = "TargetError";
}
