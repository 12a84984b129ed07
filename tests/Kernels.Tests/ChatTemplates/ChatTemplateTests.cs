using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Diagnostics;

namespace Kernels.Tests.ChatTemplates;

sealed class ChatTemplateTests
{
    static readonly ChatMessage[] Messages =
        [new("system", " Be brief. "), new("user", "2+2?"), new("assistant", "4"), new("user", "Why?")];

    // Expected texts follow Jinja2's documentation and Python's semantics.
    [TestCase("{{ messages | length }}{{ messages[-1].role }}{{ messages[9] }}", "4user")]
    [TestCase("{% for m in messages %}\n  {{ m['role'] }}\n{% endfor %}", "  system\n  user\n  assistant\n  user\n")]
    [TestCase("a\n    {% if true %}\nb\n    {% endif %}\nc\n", "a\nb\nc")]
    [TestCase("a\n  {%- if true -%}  \n b {%- endif +%}\nc", "ab\nc")]
    [TestCase("a {#- note -#} b{# x #}\nc", "abc")]
    [TestCase("  {%+ if true %}x{% endif %}", "  x")]
    [TestCase("{{- ' a' -}}   b", " ab")]
    [TestCase(
        "{% for m in messages %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }} {% endfor %}",
        "10TrueFalse 21FalseFalse 32FalseFalse 43FalseTrue ")]
    [TestCase("{% for m in messages if m.role == 'user' %}{{ loop.length }}{{ m.content }}{% endfor %}", "22+2?2Why?")]
    [TestCase("{% for m in [] %}x{% else %}none{% endfor %}", "none")]
    [TestCase("{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k ~ v }}{% endfor %}", "a1b2")]
    [TestCase("{% set x = 1 %}{% for i in range(3) %}{{ x }}{% set x = 5 %}{% endfor %}{{ x }}", "1111")]
    [TestCase("{% set n = namespace(x=1) %}{% for i in range(3) %}{% set n.x = n.x + i %}{% endfor %}{{ n.x }}", "4")]
    [TestCase(
        "{% for i in range(9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}", "013")]
    [TestCase("{% set x %}a{{ 1 }}{% endset %}{{ x + 'b' }}", "a1b")]
    [TestCase("{{ messages[0].content | trim }}|{{ messages[0]['content'].strip().upper() }}", "Be brief.|BE BRIEF.")]
    [TestCase("{{ 'a,b,c'.split(',')[-1] }}{{ 'abc'[1:] }}{{ 'abc'[::-1] }}{{ 'abc'[-1] }}{{ '🙂b'[0] }}{{ '🙂b' | length }}",
        "cbccbac🙂2")]
    [TestCase("{% for m in messages[1:][::-1] %}{{ m.content }};{% endfor %}", "Why?;4;2+2?;")]
    [TestCase(
        "{{ tools is none }}{{ x is defined }}{{ x is not defined }}{{ 'a' is string }}{{ messages is mapping }}",
        "TrueFalseTrueTrueFalse")]
    [TestCase("{{ 'b' in 'abc' }}{{ 'z' not in 'abc' }}{{ 'role' in messages[0] }}{{ 1 in [1, 2] }}", "TrueTrueTrueTrue")]
    [TestCase("{{ 'yes' if messages else 'no' }}{{ 'x' if false }}", "yes")]
    [TestCase("{{ not false and 1 == 1 or x }}{{ none or 'd' }}{{ x | default('e') }}{{ '' | default('f', true) }}", "Truedef")]
    [TestCase("{{ 1 + 2 * 3 - 4 // 3 }}{{ -7 // 2 }}{{ -7 % 3 }}{{ 'a' ~ 1 ~ none }}", "6-42a1None")]
    [TestCase(
        "{{ messages[0] | tojson }}{{ ['é\\n', 1, true, none] | tojson }}",
        "{\"role\": \"system\", \"content\": \" Be brief. \"}[\"é\\n\", 1, true, null]")]
    [TestCase("{{ messages | selectattr('role', 'equalto', 'user') | list | length }}"
        + "{{ (messages | rejectattr('role', 'eq', 'user') | first).role }}", "2system")]
    [TestCase("{{ ['a', 'b'] | join(', ') }}{{ 'abc'.replace('b', 'x') }}{{ 'x'.startswith('x') }}", "a, baxcTrue")]
    [TestCase("{{ bos_token }}{{ add_generation_prompt }}{{ strftime_now is defined }}", "<s>TrueFalse")]
    [TestCase("{% generation %}{{ 'a' }}{% endgeneration %}b", "ab")]
    [TestCase("{{ (messages[1]['role'] == 'user') != (1 % 2 == 0) }}", "True")]
    [TestCase("{{ '}}' }}{{ {'a': {'b': 1}}['a']['b'] }}{{ 'it\\'s' \"\\u0041\" }}", "}}1it'sA")]
    // A round that break or continue leaves does not count for else, and safe makes a string: as Jinja2 3.1.6 rendered them.
    [TestCase("{% for m in messages %}{% break %}{% else %}none{% endfor %}", "none")]
    [TestCase("{% for m in messages %}{% if loop.last %}{% continue %}{% endif %}{% else %}none{% endfor %}", "")]
    [TestCase("{% for m in messages %}{{ loop.index0 }}{% continue %}{% else %}none{% endfor %}", "0123none")]
    [TestCase("{% for m in [] %}{% else %}{% set x = 1 %}{{ x }}{% endfor %}{{ x is defined }}", "1False")]
    [TestCase("{% set y %}{% set x = 1 %}a{{ x }}{% endset %}{{ y }}{{ x is defined }}", "a1False")]
    [TestCase("{% generation %}{% set x = 1 %}{% endgeneration %}{{ x is defined }}", "False")]
    [TestCase("{{ not none | safe }}", "False")]
    [TestCase("{{ {'items': 1}['items'] }}{{ messages[0].count }}", "1")]
    [TestCase("{% macro f(a, b=2) %}[{{ a }}{{ b }}]{% endmacro %}{{ f(1) }}{{ f(1, b=3) }}{{ f(a=4) | length }}{{ f() }}", "[12][13]4[2]")]
    [TestCase("{% set x = 1 %}{% macro f() -%}\n {{ x }}{{ m }} "
        + "{%- endmacro %}{% for m in [8, 9] %}{% set x = 7 %}{{ f() }}{% endfor %}{% set x = 2 %}{{ f() }}", "112")]
    [TestCase("{% macro f(n) %}{{ n }}{% if n %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}", "3210")]
    [TestCase("{{ \"it's a TEST\".title() }}", "It'S A Test")]
    [TestCase("{{ messages[0].missing }}{{ messages[0].missing is none }}|{{ '  x'.lstrip() }}", "False|x")]
    [TestCase("line\r\nbreak\r\n", "line\nbreak")]
    public void Constructs_of_published_templates_are_rendered(string template, string expected) =>
        Assert.That(Render(template), Is.EqualTo(expected));

    [TestCase("{{ messages", "no end")]
    [TestCase("{% if true %}", "endif")]
    [TestCase("{% endfor %}", "endfor")]
    [TestCase("{% macro f() %}", "endmacro")]
    [TestCase("{% macro f(a) %}{% endmacro %}{{ f(1, 2) }}", "macro f takes 1")]
    [TestCase("{% macro f(a) %}{% endmacro %}{{ f(b=2) }}", "no parameter b")]
    [TestCase("{% macro f(a) %}{% endmacro %}{{ f(1, a=2) }}", "a twice")]
    [TestCase("{% macro f(a) %}{{ varargs }}{% endmacro %}{{ f(1) }}", "printing a function")]
    [TestCase("{% macro f(a) %}{{ f(a) }}{% endmacro %}{{ f(1) }}", "macro f")]
    [TestCase("{% macro f(a) %}{% break %}{% endmacro %}{{ f(1) }}", "outside a loop")]
    [TestCase("{% call f() %}{% endcall %}", "call")]
    [TestCase("{% include 'x' %}", "include")]
    [TestCase("{{ 1.5 }}", "")]
    [TestCase("{{ 1 / 2 }}", "/")]
    [TestCase("{{ 'a' | sha256 }}", "sha256")]
    [TestCase("{{ 'a' is callable }}", "callable")]
    [TestCase("{{ 'a'.format(1) }}", "format")]
    [TestCase("{{ lipsum(3) }}", "lipsum")]
    [TestCase("{{ x.y }}", "undefined")]
    [TestCase("{{ 'a' + 1 }}", "+")]
    [TestCase("{{ messages }}", "printing")]
    [TestCase("{{ 'é' | upper }}", "upper")]
    [TestCase("{{ 1 // 0 }}", "zero")]
    [TestCase("{{ 9223372036854775807 + 1 }}", "64 bits")]
    [TestCase("{{ range(100000000000) | length }}", "range")]
    [TestCase("{% for a, b in [[1]] %}{% endfor %}", "unpacked")]
    [TestCase("{{ messages[0].items }}", "items")]
    [TestCase("{{ {'items': 1}.items }}", "items")]
    [TestCase("{% if messages[0]['keys'] %}{% endif %}", "keys")]
    [TestCase("{{ 'a'.upper }}", "upper")]
    [TestCase("line\nline\n{{ x.y }}", "line 3")]
    public void What_is_not_implemented_is_refused_by_name(string template, string culprit)
    {
        HarnessException error = Assert.Throws<HarnessException>(() => Render(template))!;

        Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.ChatTemplateUnsupported));
        Assert.That(error.Message, Does.Contain(culprit));
    }

    [Test]
    public void A_template_that_refuses_its_messages_says_why()
    {
        HarnessException error = Assert.Throws<HarnessException>(() => Render("{{ raise_exception('Roles must alternate') }}"))!;

        Assert.That(error.Message, Does.Contain("Roles must alternate"));
    }

    [TestCase("%d %b %Y", "26 Jul 2024")]
    [TestCase("%A, %-d %B %Y (%a)", "Friday, 26 July 2024 (Fri)")]
    [TestCase("%Y-%m-%d %F %y day %j, 100 %%", "2024-07-26 2024-07-26 24 day 208, 100 %")]
    public void The_stated_date_is_written_as_Python_writes_it(string format, string expected)
    {
        ChatTemplate template = Template("{{ strftime_now is defined }} {{ strftime_now('" + format + "') }}");

        Assert.That(template.AsksForDate, Is.True);
        Assert.That(template.On(new DateOnly(2024, 7, 26)).Render(Messages, true), Is.EqualTo($"True {expected}"));
        Assert.That(Template("{{ strftime_now('%-d/%-m/%-j') }}").On(new DateOnly(2025, 1, 5)).Render(Messages, true), Is.EqualTo("5/1/5"));
    }

    [TestCase("%H:%M", "%H")]
    [TestCase("%", "% ")]
    [TestCase("%Q", "%Q")]
    public void A_time_of_day_and_unknown_forms_are_refused_by_name(string format, string culprit)
    {
        ChatTemplate template = Template("{{ strftime_now('" + format + "') }}").On(new DateOnly(2024, 7, 26));
        HarnessException error = Assert.Throws<HarnessException>(() => template.Render(Messages, true))!;

        Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.ChatTemplateUnsupported));
        Assert.That(error.Message, Does.Contain(culprit));
    }

    [Test]
    public void A_template_that_writes_the_date_is_refused_without_one_unless_it_has_its_own()
    {
        const string Guarded = "{% if strftime_now is defined %}{{ strftime_now('%Y') }}{% else %}1999{% endif %}";

        Assert.That(Assert.Throws<HarnessException>(() => Render("{{ strftime_now('%Y') }}"))!.Diagnostic,
            Is.EqualTo(KernelCodes.DateNotStated));
        Assert.That(Render(Guarded), Is.EqualTo("1999"));
        Assert.That(Template(Guarded).On(new DateOnly(2024, 7, 26)).Render(Messages, true), Is.EqualTo("2024"));
        Assert.That(Template("{{ bos_token }}").AsksForDate, Is.False);
    }

    [TestCase("{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}")]
    [TestCase("{% set n = namespace(x='aaaaaaaaaaaaaaaa') %}{% for a in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}")]
    [TestCase("{% set n = namespace(x=['a']) %}{% for a in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}")]
    [TestCase("{% set n = namespace(x='aaaa') %}{% for a in range(99) %}{% set n.x = n.x.replace('a', n.x) %}{% endfor %}")]
    [TestCase("{% set n = namespace(x='aaaa') %}{% for a in range(99) %}{% set n.x = [n.x, n.x] | join(n.x) %}{% endfor %}")]
    [TestCase("{% set n = namespace(x='aaaa') %}{% for a in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}")]
    [TestCase("{% set n = namespace(x=[]) %}{% for a in range(9999) %}{% set n.x = [n.x] %}{% endfor %}{{ n.x | tojson }}")]
    [TestCase("{% set n = namespace(x=[], y=[]) %}{% for a in range(9999) %}{% set n.x = [n.x] %}{% set n.y = [n.y] %}"
        + "{% endfor %}{{ n.x == n.y }}")]
    public void Work_and_output_are_bounded(string template) =>
        Assert.That(Assert.Throws<HarnessException>(() => Render(template))!.Diagnostic, Is.EqualTo(KernelCodes.ChatTemplateUnsupported));

    [TestCase("(", ")")]
    [TestCase("[", "]")]
    [TestCase("not ", "")]
    [TestCase("-", "")]
    [TestCase("1 + ", "")]
    [TestCase("1 if ", "")]
    [TestCase("", " | trim")]
    [TestCase("", ".a")]
    [TestCase("", " is defined")]
    [TestCase("", " else 1 if 1")]
    [TestCase("{'a':", "}")]
    public void Nesting_without_end_is_refused(string open, string close)
    {
        string template =
            "{{ " + string.Concat(Enumerable.Repeat(open, 100_000)) + "1" + string.Concat(Enumerable.Repeat(close, 100_000)) + " }}";
        string blocks = string.Concat(Enumerable.Repeat("{% if 1 %}", 100_000));

        Assert.Throws<HarnessException>(() => Render(template));
        Assert.Throws<HarnessException>(() => Render(blocks));
    }

    static string Render(string template) => Template(template).Render(Messages, addGenerationPrompt: true);

    static JinjaChatTemplate Template(string source) => new(source, new Dictionary<string, string> { ["bos_token"] = "<s>" });
}
