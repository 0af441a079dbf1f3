# Reads `perf script` and prints two tables: where the CPU was ("self") and what was on the stack then ("with callees").
# Kernel time counts for the function that made the call. Code without names counts for its library.

function name(line,    text, library) {
    text = line
    sub(/^[ \t]*[0-9a-f]+ /, "", text)
    library = text
    sub(/.*\(/, "", library)
    sub(/\)$/, "", library)
    sub(/.*\//, "", library)
    if (library ~ /^\[kernel/ || line ~ /^[ \t]*ffffffff/) {
        return ""
    }
    if (text ~ /^\[unknown\]/) {
        return "[" library "]"
    }
    sub(/ \([^()]*\)$/, "", text)   # the library
    sub(/\(.*/, "", text)           # the arguments
    sub(/\+0x[0-9a-f]+$/, "", text)
    sub(/.* /, "", text)            # what it returns
    return text
}

function finish(    frame) {
    if (leaf == "") {
        leaf = "[kernel]"
    }
    if (samples > 0) {
        self[leaf]++
        for (frame in stack) {
            total[frame]++
        }
    }
    leaf = ""
    delete stack
}

function table(title, counts,    frame, command) {
    print title
    command = "sort -rn | head -" rows
    for (frame in counts) {
        printf "%7.1f%%  %s\n", 100 * counts[frame] / samples, frame | command
    }
    close(command)
    print ""
}

/^[^ \t]/ { finish(); samples++; next }
/^[ \t]+[0-9a-f]+ / {
    frame = name($0)
    if (frame != "") {
        if (leaf == "") {
            leaf = frame
        }
        stack[frame] = 1
    }
}
END {
    finish()
    table("self", self)
    table("with callees", total)
}
