/** Why a file or folder cannot be written or read, as a person would say it. */
export function whyNot(error: unknown): string {
	const { code, message } = error as NodeJS.ErrnoException;
	return (code !== undefined && WORDS[code]) || message;
}

const WORDS: Readonly<Record<string, string>> = {
	ENOENT: "there is no such file or folder",
	ENOTDIR: "what should be a folder on the way there is a file",
	EEXIST: "what should be a folder on the way there is a file",
	EISDIR: "it is a folder",
	EACCES: "permission denied",
	EPERM: "permission denied",
	EROFS: "the file system is read-only",
	ENOSPC: "the disk is full",
};
