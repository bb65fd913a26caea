/** The steps of a piece of work as links: a locked one says why when pointed at or focused. */
import { Tooltip } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";
import classes from "./steps.module.css";

export type StepLink = { key: string; word: string; isDone: boolean; link: LinkProps; /** Why it cannot be opened yet. */ lock?: string | null };

export function Steps({ label, steps, current }: { label: string; steps: StepLink[]; current: string }) {
  return (
    <nav aria-label={label} className="no-print">
      <ol className={classes.steps}>
        {steps.map((step, index) => (
          <li key={step.key}>
            {step.lock ? (
              <Tooltip label={step.lock}>
                <span className={classes.step} aria-disabled="true" tabIndex={0} role="link" aria-description={step.lock}>
                  <Inside step={step} place={index + 1} />
                </span>
              </Tooltip>
            ) : (
              <Link
                {...step.link}
                className={classes.step}
                data-current={step.key === current || undefined}
                data-done={step.isDone || undefined}
                aria-current={step.key === current ? "step" : undefined}
              >
                <Inside step={step} place={index + 1} />
              </Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Inside({ step, place }: { step: StepLink; place: number }) {
  return (
    <>
      <span className={classes.number} aria-hidden>
        {step.isDone ? <IconCheck size={12} stroke={3} /> : place}
      </span>
      {step.word}
    </>
  );
}
