using PSImageGen.Module.Tests.Harness;

namespace PSImageGen.Module.Tests.Gate;

/// <summary>Every way of calling, in every kind of host: is it made, and did anything reach the vendor?</summary>
public sealed class GateMatrixTests(GateSessions sessions) : IClassFixture<GateSessions>
{
    public static TheoryData<string, string, string, bool, string> OnTerminals => Rows(GateHost.OnTerminals);

    public static TheoryData<string, string, string, bool, string> Elsewhere => Rows(GateHost.Elsewhere);

    [PwshTheory(Needs = Needs.Terminal)]
    [MemberData(nameof(OnTerminals))]
    public Task On_a_terminal(string host, string provider, string whatIf, bool force, string confirm) =>
        CheckAsync(new GateRow(host, provider, whatIf, force, confirm));

    [PwshTheory]
    [MemberData(nameof(Elsewhere))]
    public Task Where_nobody_can_be_asked(string host, string provider, string whatIf, bool force, string confirm) =>
        CheckAsync(new GateRow(host, provider, whatIf, force, confirm));

    private static TheoryData<string, string, string, bool, string> Rows(IEnumerable<GateHost> hosts)
    {
        TheoryData<string, string, string, bool, string> data = [];
        foreach (GateRow row in hosts.SelectMany(h => GateRow.All(h.Name)))
            data.Add(row.Host, row.Provider, row.WhatIf, row.Force, row.Confirm);
        return data;
    }

    private async Task CheckAsync(GateRow row)
    {
        GateHost host = GateHost.OnTerminals.Concat(GateHost.Elsewhere).Single(h => h.Name == row.Host);
        GateReport report = await sessions.ReportOfAsync(host, row);

        Outcome expected = row.IsRehearsal ? Outcome.Rehearsed : row.Asks ? host.WhenAsked : Outcome.Made;
        int made = expected == Outcome.Made ? 1 : 0;
        Assert.Equal(
            new GateReport(
                made,
                expected == Outcome.ConsentRequired ? nameof(Outcome.ConsentRequired) : null,
                row.IsFree ? 0 : made,
                row.Asks && host is { Answer: not null, Interactive: true }),
            report);
    }
}
