/** Hands a fetched file to the browser: for downloads that may first ask for fresh proof of who takes them. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser reads the address a moment later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
