/* The port that alarms go through.  Never blocks; failures are shown, not thrown. */
#ifndef CORE_PORTS_NOTIFIER_H
#define CORE_PORTS_NOTIFIER_H

#include "core/event.h"

enum urgency { URGENCY_NOTE, URGENCY_WARNING, URGENCY_ALARM };

struct notifier {
	void *self;
	/* event is what happened; borrowed for the call. */
	void (*notify)(void *self, enum urgency urgency, const struct event *event);
};

#endif
