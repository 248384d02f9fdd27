// Perspective Broker in Java: logs in, calls, and is called back. What goes over the wire: docs/perspective-broker.md.
//
//     java Client.java HOST PORT [NAME PASSWORD]
//
// orders soup from what it finds there: the root of the server or, after a login, the avatar. It needs nothing but a JDK.

import java.io.*;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.*;
import java.util.concurrent.*;

public class Client {
    public static void main(String[] words) throws Exception {
        try (Broker broker = new Broker(new Socket(words[0], Integer.parseInt(words[1])))) {
            Reference waiter = broker.root();
            if (words.length > 2) {
                waiter = broker.login(words[2], words[3]);
                System.out.println("logged in as " + words[2]);
            }
            CompletableFuture<Object> dish = new CompletableFuture<>();
            Callable customer = (method, arguments) -> {
                if (!method.equals("taste")) throw new PBError("a customer tastes, and does nothing else");
                dish.complete(arguments.get(0));
                return "more " + arguments.get(0) + "!";
            };
            System.out.println(waiter.call("order", "soup", customer).get(10, TimeUnit.SECONDS));
            System.out.println("I had " + dish.get(10, TimeUnit.SECONDS));
            try {
                waiter.call("oder", "soup").get(10, TimeUnit.SECONDS);
            } catch (ExecutionException problem) {
                System.out.println(problem.getCause().getMessage());
            }
            List<Object> food = new ArrayList<>(Arrays.asList("süß", 5L, -3L, 1L << 40, 2.5, true, null, Map.of("hot", false)));
            food.add(BigInteger.TWO.pow(200).negate());
            if (words.length > 2) System.out.println("echo " + food.equals(waiter.call("echo", food).get(10, TimeUnit.SECONDS)));
        }
    }

    /** An object of ours that the peer may call. */
    interface Callable {
        Object call(String method, List<Object> arguments) throws Exception;
    }

    /** An error that is meant for the peer, or that has come from it. */
    static class PBError extends Exception {
        PBError(String text) { super(text); }
    }

    /** An object of the peer's. Close it when it isn't needed any more, so that the peer may forget it. */
    record Reference(Broker broker, Object number) implements AutoCloseable {
        CompletableFuture<Object> call(String method, Object... arguments) throws IOException {
            return broker.call(number, method, arguments);
        }

        public void close() throws IOException {
            broker.send("decref", number);
        }
    }

    // --- Banana: lists of numbers and bytes <-> bytes. In Java: List, Long or BigInteger, Double, byte[].

    static final int LIST = 0x80, INT = 0x81, STRING = 0x82, NEG = 0x83, FLOAT = 0x84, LONGINT = 0x85, LONGNEG = 0x86,
        VOCAB = 0x87, SIZE_LIMIT = 640 * 1024, PREFIX_LIMIT = 64, DEPTH_LIMIT = 100;

    static final List<String> WORDS = List.of(("- None class dereference reference dictionary function instance list module persistent"
        + " tuple unpersistable copy cache cached remote local lcache version login password challenge logged_in not_logged_in"
        + " cachemessage message answer error decref decache uncache").split(" "));

    static class Banana {
        private final DataInputStream input;
        private final OutputStream output;
        boolean hasWords;  // of the dialect "pb"

        Banana(Socket socket) throws IOException {
            input = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            output = new BufferedOutputStream(socket.getOutputStream());
        }

        Object read(int depth) throws IOException {
            BigInteger number = BigInteger.ZERO;
            int digits = 0, kind = input.readUnsignedByte();
            for (; kind < 0x80; kind = input.readUnsignedByte()) {
                if (++digits > PREFIX_LIMIT) throw new IOException("a prefix too long");
                number = number.or(BigInteger.valueOf(kind).shiftLeft(7 * (digits - 1)));
            }
            switch (kind) {
                case INT: case LONGINT: return plain(number);
                case NEG: case LONGNEG: return plain(number.negate());
                case FLOAT: return input.readDouble();
                case STRING: return input.readNBytes(size(number));
                case LIST:
                    if (depth == 0) throw new IOException("lists too deep");
                    List<Object> list = new ArrayList<>();
                    for (int left = size(number); left > 0; left--) list.add(read(depth - 1));
                    return list;
                case VOCAB:
                    int word = number.bitLength() < 8 ? number.intValue() : 0;
                    if (hasWords && word > 0 && word < WORDS.size()) return bytes(WORDS.get(word));
            }
            throw new IOException("no banana: type " + kind);
        }

        private static Object plain(BigInteger number) {
            return number.bitLength() < 64 ? (Object) number.longValue() : number;
        }

        private static int size(BigInteger number) throws IOException {
            if (number.compareTo(BigInteger.valueOf(SIZE_LIMIT)) > 0) throw new IOException("too long: " + number);
            return number.intValue();
        }

        void write(Object value) throws IOException {
            put(value);
            output.flush();
        }

        private void put(Object value) throws IOException {
            if (value instanceof List<?> list) {
                head(BigInteger.valueOf(list.size()), LIST);
                for (Object one : list) put(one);
            } else if (value instanceof byte[] string) {
                int word = hasWords ? WORDS.indexOf(text(string)) : -1;
                if (word > 0) {
                    head(BigInteger.valueOf(word), VOCAB);
                } else {
                    head(BigInteger.valueOf(string.length), STRING);
                    output.write(string);
                }
            } else if (value instanceof Double number) {
                output.write(FLOAT);
                new DataOutputStream(output).writeDouble(number);
            } else {
                BigInteger number = new BigInteger(value.toString());
                boolean isLong = number.bitLength() > 31;
                head(number.abs(), number.signum() < 0 ? (isLong ? LONGNEG : NEG) : (isLong ? LONGINT : INT));
            }
        }

        private void head(BigInteger number, int kind) throws IOException {
            do {
                output.write(number.intValue() & 0x7f);
                number = number.shiftRight(7);
            } while (number.signum() > 0);
            output.write(kind);
        }
    }

    static byte[] bytes(String text) { return text.getBytes(StandardCharsets.UTF_8); }

    static String text(Object bytes) { return new String((byte[]) bytes, StandardCharsets.UTF_8); }

    static List<Object> list(Object... parts) { return new ArrayList<>(Arrays.asList(parts)); }

    // --- The broker: calls, answers, and who refers to what. Jelly: String, Boolean, null, Map, List, Object[] for tuples.

    static class Broker implements AutoCloseable {
        private final Socket socket;
        private final Banana banana;
        private final Map<Long, CompletableFuture<Object>> waiting = new ConcurrentHashMap<>();
        private final Map<Long, Callable> lent = new HashMap<>();
        private final Map<Long, Integer> counts = new HashMap<>();
        private long lastRequest, lastNumber;

        Broker(Socket socket) throws IOException {
            this.socket = socket;
            banana = new Banana(socket);
            List<?> offers = (List<?>) banana.read(DEPTH_LIMIT);
            String dialect = offers.stream().anyMatch(one -> text(one).equals("pb")) ? "pb" : "none";
            banana.write(bytes(dialect));
            banana.hasWords = dialect.equals("pb");
            send("version", 6L);
            Thread reader = new Thread(this::listen, "reader");
            reader.setDaemon(true);
            reader.start();
        }

        Reference root() { return new Reference(this, bytes("root")); }

        /** The avatar of somebody. Only over TLS or to this machine: whoever listens can try passwords by the billion. */
        Reference login(String name, String password) throws Exception {
            Object[] asked = (Object[]) root().call("login", bytes(name)).get(10, TimeUnit.SECONDS);
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(md5.digest(bytes(password)));
            byte[] answer = md5.digest((byte[]) asked[0]);
            try (Reference challenger = (Reference) asked[1]) {
                return (Reference) challenger.call("respond", answer, null).get(10, TimeUnit.SECONDS);
            }
        }

        synchronized void send(String command, Object... parts) throws IOException {
            List<Object> message = list(parts);
            message.add(0, bytes(command));
            banana.write(message);
        }

        synchronized CompletableFuture<Object> call(Object number, String method, Object... arguments) throws IOException {
            CompletableFuture<Object> answer = new CompletableFuture<>();
            waiting.put(++lastRequest, answer);
            send("message", lastRequest, number, bytes(method), 1L, jelly(arguments), jelly(Map.of()));
            return answer;
        }

        private void listen() {
            Exception reason = new IOException("the connection is closed");
            try {
                while (true) receive((List<?>) banana.read(DEPTH_LIMIT));
            } catch (IOException | RuntimeException problem) {
                reason = problem;
            }
            for (CompletableFuture<Object> answer : waiting.values()) answer.completeExceptionally(reason);
            close();
        }

        private void receive(List<?> message) throws IOException {
            switch (text(message.get(0))) {
                case "version" -> { if (!message.get(1).equals(6L)) throw new IOException("another version"); }
                case "message" -> called((Long) message.get(1), message.get(2), text(message.get(3)),
                    !message.get(4).equals(0L), message.get(5));
                case "answer" -> waiting.remove(message.get(1)).complete(unjelly(message.get(2)));
                case "error" -> waiting.remove(message.get(1)).completeExceptionally(failure(message.get(2)));
                case "decref" -> dropped((Long) message.get(1));
                default -> throw new IOException("no message for us: " + text(message.get(0)));
            }
        }

        private synchronized void dropped(Long number) {
            if (counts.merge(number, -1, Integer::sum) <= 0) {
                counts.remove(number);
                lent.remove(number);
            }
        }

        private void called(long request, Object number, String method, boolean wanted, Object arguments) throws IOException {
            Callable object;
            synchronized (this) { object = lent.get(number); }
            try {
                if (object == null) throw new PBError("Invalid Object ID");
                Object result = object.call(method, Arrays.asList((Object[]) unjelly(arguments)));
                if (wanted) send("answer", request, jelly(result));
            } catch (Exception problem) {
                String text = problem instanceof PBError ? problem.getMessage() : "";
                if (wanted) send("error", request, failure(text));
            }
        }

        // A failure goes and comes as Twisted's: a dictionary of attributes.

        private Object failure(String text) {
            Map<Object, Object> state = new HashMap<>();
            state.put("type", bytes("twisted.spread.pb.Error"));
            state.put("value", text);
            state.put("parents", list("twisted.spread.pb.Error", "builtins.Exception"));
            state.put("traceback", "");
            for (String name : List.of("frames", "stack")) state.put(name, list());
            state.put("tb", null);
            state.put("count", 0L);
            return list(bytes("twisted.spread.pb.CopyableFailure"), jelly(state));
        }

        private PBError failure(Object sexp) throws IOException {
            List<?> parts = (List<?>) sexp;
            if (!text(parts.get(0)).equals("twisted.spread.pb.CopyableFailure")) return new PBError("an error of its own kind");
            Map<?, ?> state = (Map<?, ?>) unjelly(parts.get(1));
            return new PBError(text(state.get("type")) + ": " + state.get("value"));
        }

        private synchronized Object jelly(Object value) {
            if (value == null) return list(bytes("None"));
            if (value instanceof String string) return list(bytes("unicode"), bytes(string));
            if (value instanceof Boolean truth) return list(bytes("boolean"), bytes(truth ? "true" : "false"));
            if (value instanceof Reference reference) return list(bytes("local"), reference.number());
            if (value instanceof Callable object) return list(bytes("remote"), lend(object));
            List<Object> sexp = list(bytes(value instanceof List ? "list" : value instanceof Map ? "dictionary" : "tuple"));
            if (value instanceof List<?> list) list.forEach(one -> sexp.add(jelly(one)));
            else if (value instanceof Object[] tuple) for (Object one : tuple) sexp.add(jelly(one));
            else if (value instanceof Map<?, ?> map) map.forEach((key, one) -> sexp.add(list(jelly(key), jelly(one))));
            else return value;  // numbers and bytes
            return sexp;
        }

        private long lend(Callable object) {
            long number = lent.entrySet().stream().filter(one -> one.getValue() == object).map(Map.Entry::getKey)
                .findFirst().orElseGet(() -> ++lastNumber);
            lent.put(number, object);
            counts.merge(number, 1, Integer::sum);
            return number;
        }

        private Object unjelly(Object sexp) throws IOException {
            if (!(sexp instanceof List<?> parts)) return sexp;
            String tag = text(parts.get(0));
            List<?> rest = parts.subList(1, parts.size());
            switch (tag) {
                case "None": return null;
                case "unicode": return text(rest.get(0));
                case "boolean": return text(rest.get(0)).equals("true");
                case "remote": return new Reference(this, rest.get(0));
                case "local": synchronized (this) { return lent.get(rest.get(0)); }
                case "list": case "tuple":
                    List<Object> items = new ArrayList<>();
                    for (Object one : rest) items.add(unjelly(one));
                    return tag.equals("list") ? items : items.toArray();
                case "dictionary":
                    Map<Object, Object> map = new HashMap<>();
                    for (Object pair : rest) map.put(unjelly(((List<?>) pair).get(0)), unjelly(((List<?>) pair).get(1)));
                    return map;
            }
            throw new IOException("no jelly for us: " + tag);
        }

        public void close() {
            try {
                socket.close();
            } catch (IOException problem) {
                // it is closed already
            }
        }
    }
}
