/** A file as the body of a POST, with its progress: `fetch` does not tell how much has left. */
import { tellSignedOut } from "./client";
import { Problem, problemFrom } from "./problem";

type Sending = { path: string; file: File; onProgress: (sent: number) => void; signal: AbortSignal };

export function sendFile<T>({ path, file, onProgress, signal }: Sending): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.setRequestHeader("X-Ritorno", "1");
    request.setRequestHeader("Accept-Language", document.documentElement.lang || "it");
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onerror = () => reject(new Problem(0, "unreachable", ""));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    request.onload = () => {
      if (request.status < 300) return resolve(JSON.parse(request.responseText) as T);
      if (request.status === 401) tellSignedOut();
      const headers = { "x-request-id": request.getResponseHeader("x-request-id") ?? "" };
      void problemFrom(new Response(request.responseText, { status: request.status, headers })).then(reject);
    };
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
