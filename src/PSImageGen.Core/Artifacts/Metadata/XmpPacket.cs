using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace PSImageGen.Core.Artifacts.Metadata;

/// <summary>
/// Writes what a picture remembers as XMP (ISO 16684-1) and reads it back: the whole as one JSON text of our own, and what other programs
/// know in their words: the IPTC properties for AI (Photo Metadata Standard 2025.1), description, tool and date.
/// </summary>
internal static class XmpPacket
{
    /// <summary>The longest packet that is read.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const string SourceTypes = "http://cv.iptc.org/newscodes/digitalsourcetype/";

    private static readonly XNamespace Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private static readonly XNamespace Meta = "adobe:ns:meta/";
    private static readonly XNamespace Xmp = "http://ns.adobe.com/xap/1.0/";
    private static readonly XNamespace Dc = "http://purl.org/dc/elements/1.1/";
    private static readonly XNamespace Iptc = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
    private static readonly XNamespace Own = "urn:psimagegen:metadata:1:";

    // A prompt has no business in a document type, and nobody else's packet gets to name files or grow.
    private static readonly XmlReaderSettings Careful = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxBytes,
        CloseInput = true,
    };

    /// <summary>A packet with the facts, beside what a packet held before.</summary>
    /// <param name="facts">What is remembered.</param>
    /// <param name="painted">Whether a program drew it without any training data.</param>
    /// <param name="before">The packet that is in the file; null for none.</param>
    /// <param name="brief">Whether what our own text holds is not said in other words too.</param>
    /// <exception cref="InvalidDataException">The packet before cannot be read, so that nothing can be put into it.</exception>
    public static byte[] Write(JsonObject facts, bool painted, byte[]? before = null, bool brief = false)
    {
        XDocument document = before is null ? Empty() : Parse(before);
        XElement rdf = document.Descendants(Rdf + "RDF").FirstOrDefault() ?? throw new InvalidDataException(Words.Of("Its XMP packet holds no RDF."));
        // An earlier text of ours is about the picture that this one was made from.
        rdf.Elements(Rdf + "Description").Where(d => d.Element(Own + "Metadata") is not null).ToList().ForEach(d => d.Remove());
        HashSet<XName> taken = [.. rdf.Elements(Rdf + "Description").SelectMany(d => d.Elements().Select(e => e.Name).Concat(d.Attributes().Select(a => a.Name)))];
        XElement own = new(
            Rdf + "Description",
            new XAttribute(Rdf + "about", (string?)rdf.Elements(Rdf + "Description").FirstOrDefault()?.Attribute(Rdf + "about") ?? string.Empty),
            new XAttribute(XNamespace.Xmlns + "xmp", Xmp),
            new XAttribute(XNamespace.Xmlns + "dc", Dc),
            new XAttribute(XNamespace.Xmlns + "Iptc4xmpExt", Iptc),
            new XAttribute(XNamespace.Xmlns + "psimagegen", Own),
            new XElement(Own + "Metadata", Legal(FactsJson.ToLine(facts))));
        void Say(XName name, object? value)
        {
            // What the provider said of its picture stays as it is.
            if (value is not null && !taken.Contains(name))
                own.Add(new XElement(name, value is string text ? Legal(text) : value));
        }

        string? Text(string name) => (string?)facts[name];
        Say(Iptc + "DigitalSourceType", SourceTypes + SourceType(Text("operation"), painted));
        Say(Xmp + "CreatorTool", Text("software"));
        Say(Xmp + "CreateDate", Text("created"));
        if (!brief)
        {
            Say(Iptc + "AISystemUsed", painted ? null : string.Join(' ', new[] { Text("provider"), Text("model") }.OfType<string>()) is { Length: > 0 } who ? who : null);
            Say(Iptc + "AIPromptInformation", painted ? null : Text("prompt"));
            Say(Dc + "description", Text("prompt") is { } prompt ? new XElement(Rdf + "Alt", new XElement(Rdf + "li", new XAttribute(XNamespace.Xml + "lang", "x-default"), Legal(prompt))) : null);
        }

        rdf.Add(own);
        return Bytes(document);
    }

    /// <summary>What a packet says: our own text, else the prompt and the system in IPTC's words. Null where it says nothing of it or cannot be read.</summary>
    public static JsonObject? Read(byte[] packet)
    {
        try
        {
            XElement[] descriptions = [.. Parse(packet).Descendants(Rdf + "Description")];
            string? Value(XName name) => descriptions.Select(d => d.Element(name) is { HasElements: false } element ? element.Value : d.Attribute(name)?.Value).FirstOrDefault(v => v is not null);
            if (Value(Own + "Metadata") is { } json && FactsJson.Parse(json) is { } facts)
                return facts;
            JsonObject others = [];
            if (Value(Iptc + "AIPromptInformation") is { } prompt)
                others["prompt"] = prompt;
            if (Value(Iptc + "AISystemUsed") is { } system)
                others["model"] = system;
            if (others.Count > 0 && Value(Xmp + "CreatorTool") is { } tool)
                others["software"] = tool;
            return others.Count > 0 ? others : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static string SourceType(string? operation, bool painted) => painted ? "algorithmicMedia" : operation switch
    {
        nameof(ImageOperation.Upscale) => "algorithmicallyEnhanced",
        nameof(ImageOperation.Img2Img) or nameof(ImageOperation.Inpaint) or nameof(ImageOperation.Outpaint) or nameof(ImageOperation.Style) => "compositeWithTrainedAlgorithmicMedia",
        _ => "trainedAlgorithmicMedia",
    };

    private static XDocument Empty() => new(
        new XProcessingInstruction("xpacket", "begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\""),
        new XElement(Meta + "xmpmeta", new XAttribute(XNamespace.Xmlns + "x", Meta), new XElement(Rdf + "RDF", new XAttribute(XNamespace.Xmlns + "rdf", Rdf))),
        new XProcessingInstruction("xpacket", "end=\"w\""));

    private static XDocument Parse(byte[] packet)
    {
        try
        {
            // Some writers pad with zeros.
            int length = packet.AsSpan().TrimEnd((byte)0).Length;
            using XmlReader reader = XmlReader.Create(new MemoryStream(packet, 0, length), Careful);
            return XDocument.Load(reader);
        }
        catch (Exception e) when (e is XmlException or InvalidOperationException or DecoderFallbackException or ArgumentException)
        {
            throw new InvalidDataException(Words.Of("Its XMP packet cannot be read."), e);
        }
    }

    private static byte[] Bytes(XDocument document)
    {
        using MemoryStream bytes = new();
        XmlWriterSettings settings = new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.Entitize };
        using (XmlWriter writer = XmlWriter.Create(bytes, settings))
            document.Save(writer);
        return bytes.ToArray();
    }

    // XML has no place for most control characters, nor for half a letter.
    private static string Legal(string text)
    {
        StringBuilder legal = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                legal.Append(text[i]).Append(text[++i]);
            else
                legal.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
        }

        return legal.ToString();
    }
}
