import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { switchKeys, useKeys } from "./keys";

function Page({ act, go }: { act: () => void; go: () => void }) {
  useKeys({ n: act, "g t": go });
  return <input aria-label="field" />;
}

it("acts on a letter and on a sequence, and is silent while somebody types", async () => {
  const act = vi.fn();
  const go = vi.fn();
  const { getByLabelText } = render(<Page act={act} go={go} />);
  await userEvent.keyboard("n");
  await userEvent.keyboard("gt");
  expect([act.mock.calls.length, go.mock.calls.length]).toEqual([1, 1]);
  await userEvent.type(getByLabelText("field"), "n");
  expect(act).toHaveBeenCalledTimes(1);
});

it("can be switched off", async () => {
  const act = vi.fn();
  render(<Page act={act} go={vi.fn()} />);
  switchKeys(false);
  await userEvent.keyboard("n");
  expect(act).not.toHaveBeenCalled();
  switchKeys(true);
});

it("leaves a sequence to whoever it belongs to, and Enter to the button it presses", async () => {
  const skip = vi.fn();
  const press = vi.fn();
  function Compare() {
    useKeys({ s: skip, enter: skip });
    return <button onClick={press}>press</button>;
  }
  const { getByRole } = render(<Compare />);
  await userEvent.keyboard("gs");
  expect(skip).not.toHaveBeenCalled();
  getByRole("button").focus();
  await userEvent.keyboard("{Enter}");
  expect([skip.mock.calls.length, press.mock.calls.length]).toEqual([0, 1]);
});
