import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { renderScreen } from "@/testing/render";
import { FileDrop } from "./file-drop";

/** Answers an upload; jsdom's own would dial. */
function fakeUpload(status: number, body: object) {
  const sent: { headers: Record<string, string>; file?: File } = { headers: {} };
  vi.stubGlobal(
    "XMLHttpRequest",
    class {
      upload: { onprogress?: (event: { loaded: number }) => void } = {};
      onload?: () => void;
      status = status;
      responseText = JSON.stringify(body);
      open() {}
      abort() {}
      setRequestHeader(name: string, value: string) {
        sent.headers[name] = value;
      }
      getResponseHeader() {
        return null;
      }
      send(file: File) {
        sent.file = file;
        this.upload.onprogress?.({ loaded: file.size });
        setTimeout(() => this.onload?.());
      }
    },
  );
  return sent;
}

const file = (name: string, size?: number) => {
  const made = new File(["a;b\n1;2\n"], name);
  if (size) Object.defineProperty(made, "size", { value: size });
  return made;
};
const choose = async (chosen: File) => {
  renderScreen(<FileDrop onUploaded={uploaded} />);
  await userEvent.upload(await screen.findByLabelText("Un file da importare"), chosen);
};
const uploaded = vi.fn();

it("sends the file as it is, its name encoded", async () => {
  const sent = fakeUpload(201, { id: "i1" });

  await choose(file("clienti è.csv"));

  await waitFor(() => expect(uploaded).toHaveBeenCalled());
  expect(sent.headers["X-File-Name"]).toBe("clienti%20%C3%A8.csv");
  expect(sent.file?.name).toBe("clienti è.csv");
});

it("refuses more than a gigabyte before sending it", async () => {
  const sent = fakeUpload(201, {});

  await choose(file("tutto.csv", 2_000_000_000));

  expect(await screen.findByRole("alert")).toHaveTextContent("Il file è di 2 GB, il limite è 1 GB.");
  expect(sent.file).toBeUndefined();
});

it("says in words why a file cannot be read", async () => {
  fakeUpload(422, { status: 422, code: "file-unreadable", title: "This file cannot be read", reason: "has-macros" });

  await choose(file("clienti.xlsx"));

  expect(await screen.findByRole("alert")).toHaveTextContent("Il file contiene macro");
});
