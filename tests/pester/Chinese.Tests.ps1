# What users read where the language of the session is Simplified Chinese. Each session is one of its own, as users start it.
BeforeAll {
    . (Join-Path $PSScriptRoot Common.ps1)
    Connect-Vendor

    # Runs something in a new PowerShell of a language, and gives the lines it shows.
    function Get-Shown([string] $Language, [string] $Script) {
        $before = $env:LC_ALL
        $env:LC_ALL = "$Language.UTF-8"
        $env:NO_COLOR = '1'
        try {
            $start = "[Console]::OutputEncoding = [Text.Encoding]::UTF8; Import-Module '$(Join-Path $root output PSImageGen)'; Set-Location '$TestDrive'; `$ProgressPreference = 'SilentlyContinue'; "
            $null | & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command ($start + $Script) 2>&1 | ForEach-Object { "$_" }
        }
        finally {
            $env:LC_ALL = $before
            $env:NO_COLOR = $null
        }
    }
}

AfterAll {
    Disconnect-Vendor
}

Describe 'A session in Simplified Chinese' -Skip:$IsWindows {
    It 'shows errors, what to do next and table headers' {
        $shown = (Get-Shown zh_CN "New-AIImage 'a fox' -Provider Nobody; New-AIImage 'a fox' -Provider Demo -Name demo | Out-String -Width 120; (Get-AIImageModel demo-painter).BestFor") -join "`n"

        $shown | Should -Match '没有名为“Nobody”的服务商。'
        $shown | Should -Match '请使用其中之一：Demo、OpenAI、'
        $shown | Should -Match '(?m)^状态 +服务商 +图片 +费用 +提示词 +路径'
        $shown | Should -Match '(?m)^Succeeded +Demo +1 +免费 +a fox'
        $shown | Should -Match '不用密钥、网络和费用的演练'
        $shown | Should -Not -Match 'There is no|Recommended|Status|\bfree\b'
    }

    It 'tells the price before it asks, on one line where it only says what it would do' {
        $shown = (Get-Shown zh_CN "New-AIImage 'a fox' -Provider OpenAI -Size 1024x1024 -Quality low -Count 2 -WhatIf") -join ''

        $shown | Should -Match '生成 2 张图片：“a fox”。OpenAI（位于 127.0.0.1:\d+）（gpt-image-2），1024x1024 像素，质量 low，约 [0-9.]+ USD，每张 [0-9.]+（[0-9-]+ 的价格）。'
    }

    It 'warns in Chinese from work in the background, and keeps the details of -Verbose in English' {
        Add-Fault @{ vendor = 'OpenAI'; stage = 'Submit'; kind = 'Status'; status = 401 }
        Add-Fault @{ vendor = 'BFL'; stage = 'Submit'; kind = 'Status'; status = 429; times = 1 }
        $shown = (Get-Shown zh_CN "New-AIImage 'a fox' -PreferredProvider OpenAI, BFL -OnlyPreferred -Size 1024x1024 -Confirm:`$false -Verbose 3>&1 4>&1 | ForEach-Object { if (`$_ -is [Management.Automation.WarningRecord]) { 'W: ' + `$_ } elseif (`$_ -is [Management.Automation.VerboseRecord]) { 'V: ' + `$_ } }") -join "`n"
        Clear-Fault

        $shown | Should -Match 'W: OpenAI 没有接单（.*现在按约定改由 BFL 生成：模型由 gpt-image-2 改为 flux-2-pro'
        $shown | Should -Match 'V: .*Sending again in'
    }

    It 'is English for <_>' -ForEach 'zh_TW', 'de_DE', 'en_GB', 'C' {
        $shown = (Get-Shown $_ "New-AIImage 'a fox' -Provider Nobody; Get-AIImageProvider Demo | Out-String -Width 120") -join "`n"

        $shown | Should -Match "There is no provider called 'Nobody'\."
        $shown | Should -Match '(?m)^Provider +Ready +DefaultModel'
    }
}
