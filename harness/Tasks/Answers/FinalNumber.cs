using System.Text.RegularExpressions;

namespace Harness.Tasks.Answers;

/// <summary>
/// The final number of a text: after the first <c>####</c> that a number follows directly; else on a mark's line; else in the last box;
/// else after the last "answer is"; else the last number, unless the text was cut off. A stated answer that is no number is none, and
/// nothing else is taken in its place.
/// </summary>
sealed partial class FinalNumber
{
    readonly string text;
    readonly bool cutOff;
    readonly char point;
    readonly List<NumberItem> items;
    readonly NumberExpression expression;
    readonly List<TextPart> marks;

    FinalNumber(string original, bool cutOff, char point)
    {
        text = Folding.Fold(WithoutCalculator(original));
        this.cutOff = cutOff;
        this.point = point;
        items = NumberScanner.Scan(original, text, point);
        expression = new NumberExpression(text, items);
        marks = AnswerPlaces.AfterMarks(text);
    }

    /// <param name="text">A model's text without its thinking.</param>
    /// <param name="cutOff">Whether it ended because no more tokens were allowed.</param>
    /// <param name="point">What separates decimals.</param>
    public static NumberValue? Find(string text, bool cutOff, char point)
    {
        if (text.Length <= MostAlone && NumberField.Read(text, point) is { } alone)
            return cutOff ? null : alone;
        FinalNumber reader = new(NumberWords.AsDigits(text, cutOff), cutOff, point);
        if (reader.items.Count == 0)
            return null;
        Reading? stated = reader.Marked() ?? reader.BelowMark() ?? reader.OnMarkedLine() ?? reader.Boxed() ?? reader.AnswerIs();
        return stated is { } reading ? reading.Value : cutOff ? null : reader.Last();
    }

    /// <summary>The calculator's notes of GSM8K, 9*2=&lt;&lt;9*2=18&gt;&gt;18, as spaces: they say twice what stands beside them.</summary>
    static string WithoutCalculator(string text) => text.Contains("<<", StringComparison.Ordinal)
        ? CalculatorNote().Replace(text, note => new string(' ', note.Length))
        : text;

    /// <summary>The number that follows the first mark directly; the next one where the first is taken back in so many words.</summary>
    Reading? Marked()
    {
        for (int place = 0; place < marks.Count; place++)
        {
            if (OnMark(place) is not { } reading)
                continue;
            if (RetractedAfter(FirstItem(marks[place]) is { } item ? items[item].End : marks[place].Start) is not { } from)
                return reading;
            int next = marks.FindIndex(mark => mark.Start > from);
            if (next < 0 || !Enumerable.Range(next, marks.Count - next).Any(later => OnMark(later) is not null))
                return AnswerIs(from, text.Length) ?? reading;
            place = next - 1;
        }
        return null;
    }

    /// <summary>The number that follows one mark directly.</summary>
    Reading? OnMark(int place)
    {
        TextPart mark = marks[place];
        if (FirstItem(mark) is not { } item)
            return null;
        if (IsHeading(item, place))
            return AnswerIs(items[item].End, mark.End);
        return IsLead(mark.Start, items[item].Start) && !IsDenied(item) ? Read(item, mark.End) : null;
    }

    /// <summary>A mark that ends its line, and a line of nothing but a number below it.</summary>
    Reading? BelowMark()
    {
        foreach (TextPart mark in marks)
        {
            if (cutOff || !string.IsNullOrWhiteSpace(text[mark.Start..mark.End]))
                continue;
            int start = mark.End;
            while (start < text.Length && char.IsWhiteSpace(text[start]))
                start++;
            TextPart line = new(start, AnswerPlaces.EndOfLine(text, start));
            if (FirstItem(line) is { } item && NumberField.Read(text[line.Start..line.End].Trim(' ', '*', '.', '$'), point) is not null)
                return Read(item, line.End);
        }
        return null;
    }

    /// <summary>The only number of a mark's line that states a result and asks for no step.</summary>
    Reading? OnMarkedLine()
    {
        foreach ((int place, TextPart mark) in marks.Index())
        {
            if (FirstItem(mark) is not { } item || IsHeading(item, place) || IsDenied(item)
                || Instruction().IsMatch(text[mark.Start..mark.End]))
                continue;
            string lead = text[mark.Start..items[item].Start];
            if (Wording.Bound().IsMatch(lead) || Wording.Refusal().IsMatch(text[mark.Start..mark.End]))
                return new Reading(null);
            if (IsNotLead(lead))
                continue;
            NumberValue? value = expression.Value(item, mark.End, out int last);
            if ((last + 1 >= items.Count || items[last + 1].Start >= mark.End) && !IsUnfinished(last))
                return new Reading(value);
        }
        return null;
    }

    Reading? Boxed()
    {
        List<TextPart> boxes = AnswerPlaces.Boxes(text, cutOff);
        if (boxes.Count == 0)
            return null;
        TextPart last = boxes[^1];
        bool several = boxes.Count > 1 && boxes[^2].End < last.Start && BetweenBoxes().IsMatch(text[boxes[^2].End..last.Start]);
        bool denied = Wording.DeniedAfter().IsMatch(text[Math.Min(last.End + 1, text.Length)..Math.Min(last.End + 40, text.Length)]);
        return several || denied ? new Reading(null) : InBox(last);
    }

    /// <summary>A box holds one number, with its unit or after "x =", and nothing else.</summary>
    Reading InBox(TextPart box)
    {
        int item = FirstItem(box) ?? items.Count;
        if (item == items.Count || Wording.Refusal().IsMatch(text[box.Start..box.End]))
            return new Reading(null);
        if (!IsLead(box.Start, items[item].Start) && !WordsOfBox().IsMatch(text[box.Start..items[item].Start]))
            return new Reading(null);
        NumberValue? value = expression.Value(item, box.End, out int last);
        bool more = last + 1 < items.Count && items[last + 1].Start < box.End;
        return new Reading(more || TermAfter().IsMatch(text[items[last].End..box.End]) ? null : value);
    }

    Reading? AnswerIs() => AnswerIs(0, text.Length);

    /// <summary>The number directly after the last "answer is"; else the last number of the last such sentence that holds one.</summary>
    Reading? AnswerIs(int from, int to)
    {
        List<TextPart> places = AnswerPlaces.AfterAnswerPhrases(text, from, to);
        for (int i = places.Count - 1; i >= 0; i--)
        {
            if (FirstItem(places[i]) is { } item && IsLead(places[i].Start, items[item].Start) && !IsDenied(item)
                && Read(item, AnswerPlaces.EndOfSentence(text, items[item].End, places[i].End)) is { } reading)
                return to < text.Length ? reading : Unretracted(item, reading);
        }
        if (to == text.Length && IsTheAnswer(from) is { } named)
            return named;
        for (int i = places.Count - 1; i >= 0; i--)
        {
            TextPart sentence = places[i] with { End = AnswerPlaces.EndOfSentence(text, places[i].Start, places[i].End) };
            if (LastItem(sentence) is not { } item || FirstItem(sentence) is not { } first || IsDenied(item))
                continue;
            string lead = text[sentence.Start..items[first].Start];
            if (Wording.Bound().IsMatch(lead) || Wording.Refusal().IsMatch(text[sentence.Start..sentence.End]))
                return new Reading(null);
            if (!IsNotLead(lead))
                return IsUnfinished(item) ? null : new Reading(expression.Ending(item));
        }
        return null;
    }

    /// <summary>The number before the last "is the answer" that follows a number, with its unit, directly.</summary>
    Reading? IsTheAnswer(int from)
    {
        if (TheAnswer().Matches(text, from) is not [.., Match last])
            return null;
        int item = FirstFrom(last.Index) - 1;
        return item >= 0 && items[item].End <= last.Index && UnitOnly().IsMatch(text[items[item].End..last.Index])
            ? new Reading(expression.Ending(item))
            : null;
    }

    /// <summary>
    /// The last number of the text, or of what follows a place, without the numbers that count items of a list or steps; none where the
    /// text ends with an answer that is no number.
    /// </summary>
    NumberValue? Last(int from = 0)
    {
        for (int item = items.Count - 1; item >= 0 && items[item].Start >= from; item--)
        {
            if (IsListNumber(item))
                continue;
            bool denied = IsDeniedEnd(item) || IsRefusedFrom(items[item].Start) || IsAnsweredOtherwise();
            return denied ? null : expression.Ending(item);
        }
        return null;
    }

    /// <summary>Null where the text is cut off within the number or within a calculation with it: then nothing is stated yet.</summary>
    Reading? Read(int item, int end)
    {
        NumberValue? value = expression.Value(item, end, out int last);
        return IsUnfinished(last) ? null : new Reading(value);
    }

    /// <summary>Whether a text that was cut off ends before this number does: 1, of 1,450.</summary>
    bool IsUnfinished(int item) => cutOff && text.Length - items[item].End < 20 && Unfinished().IsMatch(text[items[item].End..]);

    int? FirstItem(TextPart span)
    {
        int item = FirstFrom(span.Start);
        return item < items.Count && items[item].Start < span.End ? item : null;
    }

    int? LastItem(TextPart span)
    {
        int item = FirstFrom(span.End) - 1;
        while (item >= 0 && items[item].End > span.End)
            item--;
        return item >= 0 && items[item].Start >= span.Start ? item : null;
    }

    /// <summary>The first item that starts at a place or after it.</summary>
    int FirstFrom(int place)
    {
        (int low, int high) = (0, items.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = items[middle].Start < place ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    /// <summary>
    /// #### 2: Determine ..., and #### 1. First ... with #### 2. after it, number what follows. #### 18. So she ... is an answer.
    /// </summary>
    bool IsHeading(int item, int place)
    {
        NumberItem number = items[item];
        TextPart mark = marks[place];
        if (HeadingWord().IsMatch(text[mark.Start..number.Start]))
            return true;
        if (number.Value is not { IsShortInteger: true } value || number.End >= text.Length || text[number.End] is not ('.' or ':' or ')')
            || text[mark.Start..number.Start].AsSpan().IndexOfAnyExcept(" *(") >= 0)
            return false;
        bool named = text[(number.End + 1)..mark.End].AsSpan().IndexOfAnyInRange('A', 'z') >= 0;
        int written = int.Parse(value.Canonical(), System.Globalization.CultureInfo.InvariantCulture);
        char punctuation = text[number.End];
        return (named && (punctuation != '.' || written == 1))
            || IsNumbered(place - 1, written - 1, punctuation)
            || IsNumbered(place + 1, written + 1, punctuation);
    }

    bool IsNumbered(int place, int number, char punctuation) => place >= 0 && place < marks.Count
        && text[marks[place].Start..marks[place].End].TrimStart(' ', '*', '(') is { } line
        && line.StartsWith($"{number}{punctuation}", StringComparison.Ordinal);

    /// <summary>1. and 2) at the beginning of a line, before words; Step 3.</summary>
    bool IsListNumber(int item)
    {
        NumberItem number = items[item];
        int line = number.Start == 0 ? 0 : text.LastIndexOf('\n', number.Start - 1) + 1;
        string before = text[Math.Max(line, number.Start - 40)..number.Start];
        if (HeadingWord().IsMatch(before))
            return true;
        return number.Value is { IsShortInteger: true } value && before.AsSpan().IndexOfAnyExcept(" *#(") < 0 && line >= number.Start - 40
            && (ListNumberEnd().IsMatch(text[number.End..Math.Min(number.End + 12, text.Length)]) || IsLastOfList(number, value, line));
    }

    /// <summary>A text that ends with the number of an item that it has not written: 2. Multiply ..., 3.</summary>
    bool IsLastOfList(NumberItem number, NumberValue value, int line)
    {
        string rest = text[number.End..].TrimEnd();
        int written = int.Parse(value.Canonical(), System.Globalization.CultureInfo.InvariantCulture);
        return rest is "." or ")" && text[..line].Split('\n').Any(before => before.TrimStart(' ', '*', '(').StartsWith(
            $"{written - 1}{rest}", StringComparison.Ordinal));
    }

    bool IsDenied(int item) => Wording.DeniedAfter().IsMatch(text[items[item].End..Math.Min(items[item].End + 40, text.Length)]);

    /// <summary>Whether nothing but marks of style and words that announce an answer stand between two places.</summary>
    bool IsLead(int from, int to) => to - from <= MostLead && IsLead(text[from..to]);

    /// <summary>The same of a text of its own.</summary>
    public static bool IsLead(string lead)
    {
        if (lead.Length > MostLead || IsNotLead(lead) || Wording.Bound().IsMatch(lead) || LeadStop().IsMatch(lead)
            || HeadingWord().IsMatch(lead))
            return false;
        string last = "";
        bool known = true;
        int words = 0;
        foreach (Match word in Word().Matches(lead))
        {
            last = word.Value;
            known &= LeadWords.Contains(last);
            words++;
        }
        string bare = lead.TrimEnd(' ', '*', '_', '$', '(', '\\', '[', '{');
        return known || (words <= MostLeadWords && (bare.EndsWith(':') || bare.EndsWith('=')
            || last.ToLowerInvariant() is "is" or "are" or "was" or "were" or "equals" or "equal"));
    }

    static bool IsNotLead(string lead) => Wording.Negation().IsMatch(lead);

    /// <summary>A text that is longer than this is not read as one number.</summary>
    const int MostAlone = 200;

    const int MostLead = 160;
    const int MostLeadWords = 14;

    static readonly HashSet<string> LeadWords = new(
        """
        a about actually all also an and ans answer answer's answers approx approximately are around be boxed but by correct
        correctly costs displaystyle earned earns equal equals exactly fbox final finally get gets gives had has have he hence
        in indeed is it itself just left m made makes mathbf mathrm must n nearly now number numeric numerical of only our out
        overall paid pays qquad quad result right roughly she should simply so solution spends still sum text textbf that the
        then there therefore they thus to total value was we were will would x y you
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);

    /// <summary>After an answer: is the answer, is my final answer.</summary>
    public const string TheAnswerPattern = @"\bis\s+(?:the|my|our)\s+(?:final\s+|correct\s+|right\s+)?answer\b";

    [GeneratedRegex(TheAnswerPattern, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex TheAnswer();

    [GeneratedRegex(@"^[\s*_$)}]*(?:[A-Za-z]+[\s*_$)}]+){0,2}$", RegexOptions.CultureInvariant)]
    private static partial Regex UnitOnly();

    [GeneratedRegex(@"<<[^<>\n]{0,80}>>(?=\s?[-$]?[0-9.])", RegexOptions.CultureInvariant)]
    private static partial Regex CalculatorNote();

    [GeneratedRegex(@"[A-Za-z'’]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    /// <summary>What ends a lead: the end of a sentence.</summary>
    [GeneratedRegex(@"[.?!;]", RegexOptions.CultureInvariant)]
    private static partial Regex LeadStop();

    [GeneratedRegex(
        @"\b(?:step|part|problem|question|example|exercise|case|method|option|section|chapter|figure|equation|attempt|"
        + @"solution|day|round|phase|stage|task|test)s?\s*[#(]?\s*$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex HeadingWord();

    [GeneratedRegex(
        @"^[\s*_]*(?:calculate|find|determine|compute|add|subtract|multiply|divide|convert|count|solve|let|first|next|"
        + @"then|now|step|consider|use|set|write|check|identify|given|to|if|when|since|question|problem)\b|:\s*$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Instruction();

    [GeneratedRegex(@"^(?:\*\*)?[.)](?:\*\*)?\s+[*_""'(]*[A-Za-z\\$]", RegexOptions.CultureInvariant)]
    private static partial Regex ListNumberEnd();

    [GeneratedRegex(@"^\s*(?:[,/+*×÷=x^-]|\\[a-z]*|minus|plus|times|divided(?: by)?)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Unfinished();

    /// <summary>Between two boxes of which neither is the answer.</summary>
    [GeneratedRegex(@"^[\s}$\\)*]*(?:or|and|,)[\s$\\(*]*(?:boxed|fbox)?\{?$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex BetweenBoxes();

    /// <summary>Before the number of a box: words, or a name and an equals sign.</summary>
    [GeneratedRegex(@"=\s*\\?\$?\s*$|^(?:\\(?:text|mathrm|textbf)\{|[A-Za-z'’:}\s]|\\?\$)*$", RegexOptions.CultureInvariant)]
    private static partial Regex WordsOfBox();

    /// <summary>A term that goes on after a number: + x, \cdot y.</summary>
    [GeneratedRegex(@"^\s*(?:[-+*/^]|\\(?:times|cdot|div|pm|sqrt|pi))\s*[A-Za-z\\({]", RegexOptions.CultureInvariant)]
    private static partial Regex TermAfter();
}
