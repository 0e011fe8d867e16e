/** Which files may be a submission's main module, by their names and by what they say. */

const MODULE = /\.m?[jt]s$/;
const DECLARATIONS = /\.d\.m?ts$/;
/** Tests, and settings of tools. */
const NO_SUBMISSION = /(?:[._-](?:test|spec)|\.config)\.m?[jt]s$/;
const EXPORTS_MAKE =
	/^\s*export\s+(?:async\s+)?(?:const|let|var|function\*?|class)\s+make\b|^\s*export\s*(?:type\s*)?\{[^}]*\bmake\b[^}]*\}/m;

/** Whether a file's name is that of a module. */
export function isModuleName(name: string): boolean {
	return MODULE.test(name) && !DECLARATIONS.test(name);
}

/** Whether a file's name may be that of a main module. */
export function isMainName(name: string): boolean {
	return isModuleName(name) && !NO_SUBMISSION.test(name);
}

/** Whether a module seems to export make(). */
export function exportsMake(text: string): boolean {
	return EXPORTS_MAKE.test(text);
}
