using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.FakeProviders.Log;

/// <summary>All requests since the last clearing; every count is made from them.</summary>
internal sealed class RequestLog
{
    private readonly Lock _gate = new();
    private readonly List<RequestRecord> _requests = [];
    private readonly List<Violation> _violations = [];

    public IReadOnlyList<RequestRecord> Requests
    {
        get
        {
            lock (_gate)
                return [.. _requests];
        }
    }

    public IReadOnlyList<Violation> Violations
    {
        get
        {
            lock (_gate)
                return [.. _violations];
        }
    }

    public void Add(RequestRecord record)
    {
        lock (_gate)
            _requests.Add(record);
    }

    public void Bill(RequestRecord record, int images)
    {
        lock (_gate)
            (record.Billed, record.BilledImages) = (true, images);
    }

    public void AddViolation(string vendor, RequestRecord record, string what)
    {
        lock (_gate)
            _violations.Add(new Violation(vendor, record.Method, record.Path, what));
    }

    public VendorCounts Count(string vendor)
    {
        lock (_gate)
        {
            RequestRecord[] mine = [.. _requests.Where(each => string.Equals(each.Vendor, vendor, StringComparison.OrdinalIgnoreCase))];
            int At(FaultStage stage) => mine.Count(each => each.Stage == stage);
            return new VendorCounts(
                At(FaultStage.Submit),
                mine.Count(each => each.Billed),
                mine.Sum(each => each.BilledImages),
                At(FaultStage.Poll),
                At(FaultStage.Download),
                At(FaultStage.Upload),
                At(FaultStage.Query),
                At(FaultStage.Stream),
                At(FaultStage.Result),
                At(FaultStage.Cancel));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _requests.Clear();
            _violations.Clear();
        }
    }
}
