import { createRootRouteWithContext, Outlet, type ErrorComponentProps } from "@tanstack/react-router";
import { Box, Button } from "@mantine/core";
import { IconMapPinOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/problem";
import type { RouterContext } from "@/app/router";
import { EmptyFace, ProblemFace } from "@/ui/faces";

export const Route = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  errorComponent: Crashed,
  notFoundComponent: Missing,
});

function Crashed({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  if (error instanceof Problem) {
    return (
      <Box maw={560} mx="auto" mt={80}>
        <ProblemFace error={error} onRetry={reset} />
      </Box>
    );
  }
  return <EmptyFace title={t("face.crashed")} action={<Button onClick={() => location.reload()}>{t("act.retry")}</Button>} />;
}

function Missing() {
  const { t } = useTranslation();
  return (
    <EmptyFace
      icon={<IconMapPinOff size={28} stroke={1.5} />}
      title={t("face.missing")}
      detail={t("face.missing_detail")}
      action={
        <Button component="a" href="/">
          {t("face.home")}
        </Button>
      }
    />
  );
}
