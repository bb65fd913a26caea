/** A button that goes somewhere: a real link, so that it can be opened in another tab, with the router's typed places. */
import { Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import { forwardRef, type AnchorHTMLAttributes } from "react";

type Props = ButtonProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps>;

const ButtonAnchor = forwardRef<HTMLAnchorElement, Props>(function ButtonAnchor(props, ref) {
  return <Button ref={ref} component="a" {...props} />;
});

export const LinkButton = createLink(ButtonAnchor);
