/** A form in a modal: fields in two columns, the server's words on their fields and the rest above its one verb. */
import { Alert, Button, Group, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { fieldWords, problemWords } from "@/lib/problem-words";
import classes from "./form.module.css";

export type FieldErrors = {
  of: (field: string) => string | undefined;
  /** What no field asked for: a refusal of the whole, or of something the form does not show. */
  rest: () => string[];
};

/** Made anew on every drawing: a field that asks for its error takes it out of what is told above the verb. */
export function fieldErrors(error: unknown): FieldErrors {
  if (!error) return { of: () => undefined, rest: () => [] };
  const problem = asProblem(error);
  const words = problemWords(problem);
  const byField = new Map(problem.errors.map((each) => [each.path.replace(/^body\./, ""), fieldWords(each)]));
  const asked = new Set<string>();
  return {
    of: (field) => {
      asked.add(field);
      return byField.get(field);
    },
    rest: () => (byField.size ? [...byField].filter(([field]) => !asked.has(field)).map(([, said]) => said) : [words.detail ?? words.title]),
  };
}

type Props = {
  title: ReactNode;
  verb: string;
  onClose: () => void;
  onSend: () => void;
  errors?: FieldErrors;
  isBusy?: boolean;
  canSend?: boolean;
  isHarmful?: boolean;
  size?: string;
  children: ReactNode;
};

export function FormModal({ title, verb, onClose, onSend, errors, isBusy, canSend = true, isHarmful, size = "lg", children }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={onClose} title={title} size={size} closeButtonProps={{ "aria-label": t("act.close") }}>
      <form
        className={classes.fields}
        onSubmit={(event) => {
          event.preventDefault();
          if (canSend && !isBusy) onSend();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) event.currentTarget.requestSubmit();
        }}
      >
        {children}
        {errors && <FormAlert errors={errors} />}
        <Group className={classes.wide} justify="flex-end" gap="sm" mt="xs">
          <Button onClick={onClose}>{t("act.cancel")}</Button>
          <Button type="submit" variant="filled" color={isHarmful ? "red.9" : undefined} loading={isBusy} disabled={!canSend}>
            {verb}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

export function FormAlert({ errors }: { errors: FieldErrors }) {
  const rest = errors.rest();
  if (rest.length === 0) return null;
  return (
    <Alert color="red" role="alert" className={classes.wide}>
      {rest.map((said) => (
        <div key={said}>{said}</div>
      ))}
    </Alert>
  );
}

/** A field that takes the whole line. */
export const wide = classes.wide as string;
/** Two columns of fields outside a modal. */
export const fields = classes.fields as string;
