using System.Text;

namespace Kernels.Tests.ChatTemplates;

/// <summary>Changes a chat template by Jinja's own pieces, and joins parts of it anew.</summary>
static class TemplateMutation
{
    static readonly string[] Pieces =
    [
        "{% for m in messages %}", "{% endfor %}", "{% if m %}", "{% else %}", "{% elif x.y %}", "{% endif %}", "{% set x = x + 'a' %}",
        "{% set x %}", "{% endset %}",
        "{{ m }}", "{{ messages | tojson }}", "{{ x[1:-1] }}", "{{ namespace(a=1).a }}", "{% break %}", "{% macro f(a) %}",
        "{% endmacro %}", "{# ", " #}", "{%-", "-%}",
        "{{", "}}", "{%", "%}", "'", "\"", "\\", "(", ")", "[", "]", "{", "}", "|", ".", ",", ":", " if ", " else ", " is ", " in ",
        " not ", "\n", "\0", "é", "🙂", "\\u12", "99999999999999999999",
        "{% for a in range(99999) %}", "{% for a, b in messages %}", "loop.index0", "loop.cycle", "**", "//0", "%0", "[::0]",
        "[0:9223372036854775807:-9223372036854775808]", "|join(messages)",
    ];

    public static byte[] Of(byte[] original, Random random)
    {
        string text = Encoding.UTF8.GetString(original);
        for (int rounds = random.Next(1, 4); rounds > 0 && text.Length > 1; rounds--)
        {
            (int at, int from) = (random.Next(text.Length), random.Next(text.Length));
            int length = Math.Min(random.Next(1, 60), text.Length - from);
            text = random.Next(5) switch
            {
                0 => text.Insert(at, text.Substring(from, length)),
                1 => text.Remove(from, length),
                2 => text.Insert(at, string.Concat(Enumerable.Repeat(Pieces[random.Next(Pieces.Length)], random.Next(3) == 0 ? 300 : 1))),
                _ => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
            };
        }
        return Encoding.UTF8.GetBytes(text);
    }
}
