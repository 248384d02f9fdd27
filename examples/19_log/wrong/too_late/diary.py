"""Messages that nobody asked for, and a file for those who want them."""

from reactor import log

# [log]
# by default only errors are logged, to stderr
log.msg("this is said to nobody")

logFile = open("log.txt", "a")
log.startLogging(logFile, setStdout=False)
log.msg("Something has occurred", system="diary")
log.callWithContext({"system": "kitchen"}, log.msg, "soup is ready")

seen: list[dict] = []
log.msg("anybody may watch", mood="good")
log.addObserver(seen.append)
print(seen[0]["message"], seen[0]["mood"])
# [/log]
