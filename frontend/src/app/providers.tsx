import { MantineProvider } from "@mantine/core";
import { DatesProvider } from "@mantine/dates";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import dayjs from "dayjs";
import "dayjs/locale/it";
import customParseFormat from "dayjs/plugin/customParseFormat";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cssVariablesResolver, theme } from "@/lib/theme";

dayjs.extend(customParseFormat);

/** The nonce the server put in the page, so that Mantine's style elements pass the content security policy. */
const styleNonce = () => document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content ?? "";

export function Providers({ queryClient, children }: { queryClient: QueryClient; children: ReactNode }) {
  const { i18n } = useTranslation();
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <DatesProvider settings={{ locale: i18n.language, firstDayOfWeek: 1 }}>
        <QueryClientProvider client={queryClient}>
          {children}
          <Notifications position="bottom-center" limit={3} zIndex={400} />
        </QueryClientProvider>
      </DatesProvider>
    </MantineProvider>
  );
}
