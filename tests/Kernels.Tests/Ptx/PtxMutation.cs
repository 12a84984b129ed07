using System.Globalization;
using System.Text.RegularExpressions;

namespace Kernels.Tests.Ptx;

/// <summary>A fault planted in the text of a module.</summary>
/// <param name="Line">One-based.</param>
sealed record PtxMutation(string Kind, int Line, string Original, string Planted, string Text)
{
    public override string ToString() =>
        $"{Kind} at line {Line}: {Original.Trim()} -> {(Planted.Trim().Length == 0 ? "nothing" : Planted.Trim())}";
}

/// <summary>Plants faults of known kinds at places that a seed chooses.</summary>
static class PtxMutations
{
    static readonly (string Kind, Regex Pattern, Func<Match, string> Plant)[] Kinds =
    [
        ("barrier removed", Line(@"^\s*bar\.sync\s+0;"), _ => ""),
        ("warp barrier removed", Line(@"^\s*bar\.warp\.sync\s+\S+;"), _ => ""),
        ("wait removed", Line(@"cp\.async\.wait_group\s+\d+;"), _ => ""),
        ("wait for the previous kernel removed", Line(@"^\s*griddepcontrol\.wait;"), _ => ""),
        ("blocks not ordered", Line(@"\batom\.acq_rel\.gpu\b"), _ => "atom.relaxed.gpu"),
        ("add for subtract", Line(@"\badd\.rn\.(f32|f64)\b"), m => $"sub.rn.{m.Groups[1].Value}"),
        ("fma without its sum", Line(@"\bfma\.rn\.(f32|f64)(\s+\S+,\s*\S+,\s*[^,;]+),[^;]+;"), m =>
            $"mul.rn.{m.Groups[1].Value}{m.Groups[2].Value};"),
        ("load four bytes on", Line(@"\b(ld\.(?:global|shared)\.[a-z0-9.]*32\s+[^\[]*\[%\w+)(?:\+(\d+))?\]"), m =>
            $"{m.Groups[1].Value}+{Number(m.Groups[2]) + 4}]"),
        ("store four bytes on", Line(@"\b(st\.(?:global|shared)\.[a-z0-9.]*32\s+\[%\w+)(?:\+(\d+))?\]"), m =>
            $"{m.Groups[1].Value}+{Number(m.Groups[2]) + 4}]"),
        ("bound off by one", Line(@"\bsetp\.(lt|ge)\.([su])32\b"), m =>
            $"setp.{(m.Groups[1].Value == "lt" ? "le" : "gt")}.{m.Groups[2].Value}32"),
        ("other lane", Line(@"\b(shfl\.sync\.bfly\.b32\s+\S+,\s*\S+,\s*)(\d+),"), m =>
            $"{m.Groups[1].Value}{(Number(m.Groups[2]) == 1 ? 2 : 1)},"),
        ("dot product for sum", Line(@"\bdp4a\.s32\.s32\b"), _ => "dp4a.u32.s32"),
        ("signed as unsigned", Line(@"\.s32\.s8\.s8\.s32\b"), _ => ".s32.u8.s8.s32"),
        ("maximum for minimum", Line(@"\bmin\.s32\b"), _ => "max.s32"),
        ("step too long", Line(@"\badd\.s32(\s+%r\d+,\s*%r\d+,\s*)(\d+);"), m => $"add.s32{m.Groups[1].Value}{Number(m.Groups[2]) + 1};"),
    ];

    /// <summary>At most <paramref name="each"/> of each kind that the module gives rise to.</summary>
    public static IReadOnlyList<PtxMutation> Of(string text, int seed, int each)
    {
        var random = new Random(seed);
        string[] lines = text.Split('\n');
        var found = new List<PtxMutation>();
        foreach ((string kind, Regex pattern, Func<Match, string> plant) in Kinds)
        {
            int[] places = [.. Enumerable.Range(0, lines.Length).Where(i => pattern.IsMatch(lines[i]))];
            random.Shuffle(places);
            foreach (int place in places.Take(each))
            {
                string planted = pattern.Replace(lines[place], m => plant(m), 1);
                string[] changed = [.. lines];
                changed[place] = planted;
                found.Add(new PtxMutation(kind, place + 1, lines[place], planted, string.Join('\n', changed)));
            }
        }
        return found;
    }

    static int Number(Group digits) => digits.Success ? int.Parse(digits.Value, CultureInfo.InvariantCulture) : 0;

    static Regex Line(string pattern) => new(pattern, RegexOptions.CultureInvariant);
}
