using System.Text.RegularExpressions;

namespace Harness.Tasks.Answers;

/// <summary>Words that deny, bound, doubt or take back what a text states.</summary>
static partial class Wording
{
    /// <summary>A sign or a word before a number that makes it none of the answer.</summary>
    [GeneratedRegex(
        @"\bnot\b|n't\b|\bnever\b|\bneither\b|\bcannot\b|[≤≥≠]|(?<![-=\w/""])[<>]\s*[$€£]?$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex Negation();

    /// <summary>Directly before a number: is not 5, isn't $5.</summary>
    [GeneratedRegex(@"(?:\bnot|n't)\s+(?:equal\s+to\s+|about\s+)?[$€£(*""']*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex DeniedBefore();

    /// <summary>After a number: 5 is wrong, 5 eggs are not, 5? No.</summary>
    [GeneratedRegex(
        @"^[^\w.!?\n]{0,4}\s*(?:[A-Za-z]+\s+){0,2}(?:is|are|was|were)(?:n't|\s+not)\b|^[^\w.!?\n]{0,4}\s*(?:is|are|was)\s+(?:wrong|"
        + @"incorrect|impossible|too)\b|^[\s)*""']{0,4}\?\W{0,4}(?:no|nope|wrong)\b|^\s*[-,;]+\s*(?:no|nope)\b"
        + @"|^,\s*but\s+(?:it|that|the\s+\w+\s+answer)\s+(?:is|was)\s+(?:actually\s+|really\s+)?[$*]{0,3}[0-9]",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex DeniedAfter();

    /// <summary>Words that make of the number after them another one: half of 70, twice 35, the sum of 70 and 50.</summary>
    [GeneratedRegex(
        @"\b(?:(?:sum|product|difference|quotient|ratio|average|mean|half|third|quarter|square|cube|remainder)\s+(?:of|between)|twice|half"
        + @"|double|triple)\s+[$€£(]*$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex Operation();

    /// <summary>Words that make the number after them a bound.</summary>
    [GeneratedRegex(
        @"\b(?:less than|more than|fewer than|greater than|at least|at most|up to|between|under|over|above|"
        + @"below)\s+\W{0,4}$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex Bound();

    /// <summary>That the question has no answer, or that the writer has none.</summary>
    [GeneratedRegex(
        @"\b(?:cannot|can't|can not|could not|couldn't) be (?:determined|answered|calculated|computed|solved|found|known|inferred)\b"
        + @"|\b(?:cannot|can't|can not|could not|couldn't) (?:determine|tell|say|know|answer|calculate|compute|find)"
        + @" (?:the|how|what|it|which)\b"
        + @"|\b(?:answer|result|it|that) depends on\b|\b(?:answer|result|value) is not known\b"
        + @"|\bimpossible to (?:determine|tell|say|know|answer|calculate|compute|solve|find)\b"
        + @"|\b(?:not|n't)(?: \w+)? (?:enough|sufficient) (?:information|data|details)\b|\binsufficient (?:information|data|details)\b"
        + @"|\b(?:no|not have an?|n't have an?) (?:\w+ )?(?:solution|answer)\b"
        + @"|\b(?:answer|result|value|solution) (?:is|are) (?:unknown|undefined|indeterminate|undetermined|unclear)\b"
        + @"|\b(?:unable|not able|not possible) to (?:determine|tell|say|answer|calculate|compute|solve|find)\b"
        + @"|\bI (?:do not|don't) know (?:the answer|how many|how much)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex Refusal();

    /// <summary>An answer in words, at the beginning of what is stated: seven, minus twelve, unknown, yes.</summary>
    [GeneratedRegex(
        @"^[\s*_""'`$({\[:=]*(?:\\text\{)?(?:(?:minus|negative|exactly|about)\s+)?(?:zero|two|three|four|five|six|seven|eight|nine|ten|"
        + @"eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|"
        + @"eighty|ninety)(?:-\w+)?|(?:one|a|an)\s+(?:hundred|thousand|million|dozen|half|third|quarter)|one(?=\W*$)|half|nothing|none|"
        + @"unknown|undefined|unclear|infinite|infinity|impossible|indeterminate|yes|no|true|false)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex AnswerInWords();

    /// <summary>One to four words that are an answer of another kind, unless they point elsewhere (clear, as follows).</summary>
    [GeneratedRegex(
        @"^[\s*_""'`$({\[:]*(?!(?:clear|correct|right|wrong|as|above|below|shown|found|given|obtained|in|on|at|by|to|from|then|here|"
        + @"simple|easy|obvious|helpful|final|ready|that|what|when|where|how|if|not)\b)[A-Za-z][\w'-]*(?:\s+[\w'-]+){0,3}"
        + @"[\s.!*_""'`$)}\]]*$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex FewWords();

    /// <summary>A condition, under which an answer "would be" another one.</summary>
    [GeneratedRegex(@"\b(?:if|unless|otherwise|suppose|supposing|assuming|had)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex Condition();

    [GeneratedRegex(@"\b(?:would|'d)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex Would();

    /// <summary>What takes back an answer that was stated before.</summary>
    [GeneratedRegex(
        @"\b(?:that|this|it|which)(?:'s|\s+is|\s+was)\s+(?:not\s+(?:right|correct)|wrong|incorrect|a\s+mistake|an\s+error)\b"
        + @"|\bI(?:'ve|\s+have)?\s+(?:just\s+)?made\s+(?:a|an)\s+(?:\w+\s+)?(?:mistake|error)\b"
        + @"|\b(?:scratch\s+that|correction:|my\s+mistake)|\blet\s+me\s+(?:correct|fix)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex Retraction();

    /// <summary>What may take back an answer: it does where another conclusion follows.</summary>
    [GeneratedRegex(
        @"(?:^|[.!?\n])\s*(?:but\s+|oh,?\s+|hmm,?\s+)?(?:wait|hold\s+on|oops|actually|no)\b\s*[,.!:-]",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex Doubt();

    [GeneratedRegex(
        @"\b(?:so|therefore|thus|hence|it's|it\s+is|should\s+be|must\s+be)\b[^.!?\n]*$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex Conclusion();

    /// <summary>Another question, which a text that runs on asks itself.</summary>
    [GeneratedRegex(
        @"(?:^|\n)\W{0,4}(?:question|problem|exercise|q|human|user)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex NextQuestion();
}
