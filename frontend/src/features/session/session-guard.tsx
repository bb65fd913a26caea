import { Modal, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { onSignedOut } from "@/api/client";
import { useMe } from "@/api/me";

const SignInForm = lazy(() => import("./sign-in-form").then((file) => ({ default: file.SignInForm })));

/** A lost session asks for the password over the page; the page beneath keeps its text. */
export function SessionGuard() {
  const { t } = useTranslation("session");
  const me = useMe();
  const queryClient = useQueryClient();
  const [isLost, setLost] = useState(false);
  useEffect(() => onSignedOut(() => setLost(true)), []);
  return (
    <Modal
      opened={isLost}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t("expired")}
      zIndex={500}
    >
      <Text size="sm" c="dimmed" mb="md">
        {t("expired_detail")}
      </Text>
      <Suspense>
        <SignInForm
          initial={{ email: me.email, password: "" }}
          onSignedIn={() => {
            setLost(false);
            void queryClient.invalidateQueries();
          }}
        />
      </Suspense>
    </Modal>
  );
}
